--- Takes what has the class `private` out of a document: divs, spans, links, images, code, tables, and
--- the sections of headings. Cells and text are cut before pandoc sees them; this cuts what only
--- pandoc's own reading shows, included files among it. Both engines run it before anything else.

local function is_private(element)
  local attr = element.attr
  if not attr then return false end
  for _, class in ipairs(attr.classes) do
    if class:lower() == 'private' then return true end
  end
  return false
end

--- Whether a figure is that of a private image, whose attributes stay with the image alone.
local function shows_private(block)
  local found = false
  if block.t == 'Figure' then
    block:walk { Image = function(image) found = found or is_private(image) end }
  end
  return found
end

--- Removes private blocks from a list, with everything that stands in a private heading's section.
local function cut_blocks(blocks)
  local kept = pandoc.List()
  local level
  for _, block in ipairs(blocks) do
    if level and block.t == 'Header' and block.level <= level then level = nil end
    if not level then
      if not is_private(block) and not shows_private(block) then
        kept:insert(block)
      elseif block.t == 'Header' then -- what follows is its section
        level = block.level
      end
    end
  end
  return kept
end

local function cut_inlines(inlines)
  return inlines:filter(function(inline) return not is_private(inline) end)
end

--- Whether the page has been marked as a whole, by its front matter or that of a file it includes.
local function is_whole(meta)
  for key, said in pairs(meta) do
    local name = key:lower()
    if (name == 'private' or name == 'draft') and said ~= false then
      local word = pandoc.utils.stringify(said):lower()
      if not (word == 'false' or word == 'no' or word == 'off' or word == 'n' or word == '0') then
        return true
      end
    end
  end
  return false
end

local function cut(doc)
  if is_whole(doc.meta) then doc.blocks = pandoc.Blocks {} end
  return doc:walk { traverse = 'topdown', Blocks = cut_blocks, Inlines = cut_inlines }
end

return { { Pandoc = cut } }
