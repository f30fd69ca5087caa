--- Takes what has the class `private` out of a document: divs, spans, links, images, code, tables, raw
--- HTML, and the sections of headings. Cells are cut before pandoc sees them; this cuts what pandoc's
--- own reading shows, included files among it. Both engines run it before anything else.

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

--- Tells what is removed to who wants to know.
local function note(element)
  if Removed then Removed:insert(element) end
end

--- The tags in raw HTML, without those in comments: the name of each, and whether it opens, closes, or
--- opens an element of the class.
local VOID = { area = true, base = true, br = true, col = true, embed = true, hr = true, img = true,
  input = true, link = true, meta = true, source = true, track = true, wbr = true }

local function of_class(attributes)
  local lower = (' ' .. attributes):lower():gsub('&#(x?)(%x+);', function(hex, digits)
    local code = tonumber(digits, hex == 'x' and 16 or 10)
    return code and code < 128 and string.char(code) or nil
  end)
  for _, pattern in ipairs { '%sclass%s*=%s*"([^"]*)"', "%sclass%s*=%s*'([^']*)'",
    '%sclass%s*=%s*([^%s"\'>]+)' } do
    for value in lower:gmatch(pattern) do
      for class in value:gmatch '%S+' do
        if class == 'private' then return true end
      end
    end
  end
  return false
end

local function tags_in(raw)
  local found = {}
  for slash, name, attributes in raw:gsub('<!%-%-.-%-%->', ''):gmatch '<(/?)(%a[%w:-]*)([^>]*)>' do
    name = name:lower()
    if slash == '/' then
      found[#found + 1] = { name = name, closes = true }
    elseif VOID[name] or attributes:sub(-1) == '/' then
      found[#found + 1] = { name = name, whole = true, private = of_class(attributes) }
    else
      found[#found + 1] = { name = name, private = of_class(attributes) }
    end
  end
  return found
end

local function is_raw(element, kind)
  return element.t == kind and element.format == 'html'
end

--- How far an element of the class reaches that opens in the raw HTML at `start` of a list: to the place
--- of its end tag, or the end of the list. Nil where none opens there.
local function raw_end(list, start, kind)
  local name, depth
  for place = start, #list do
    for _, tag in ipairs(is_raw(list[place], kind) and tags_in(list[place].text) or {}) do
      if not name and tag.private then
        if tag.whole then return start end
        name, depth = tag.name, 1
      elseif name and tag.name == name and not tag.whole then
        depth = depth + (tag.closes and -1 or 1)
        if depth == 0 then return place end
      end
    end
    if place == start and not name then return nil end
  end
  return #list
end

--- By how many elements raw HTML leaves more open (or, negative, fewer) than were open before, and the
--- lowest that this was.
local function balance(block)
  local depth, lowest = 0, 0
  for _, tag in ipairs(is_raw(block, 'RawBlock') and tags_in(block.text) or {}) do
    if not tag.whole then depth = depth + (tag.closes and -1 or 1) end
    lowest = math.min(lowest, depth)
  end
  return depth, lowest
end

--- Removes private blocks from a list, with everything in a private heading's section. A section ends
--- with the element of raw HTML that it is in, too.
local function cut_blocks(blocks)
  local kept = pandoc.List()
  local level
  local open, hidden_to = 0, 0
  for place, block in ipairs(blocks) do
    if level and block.t == 'Header' and block.level <= level then level = nil end
    if level then
      local change, lowest = balance(block)
      if open + lowest < 0 then level = nil end
      open = open + change
    end
    if place > hidden_to and is_raw(block, 'RawBlock') then
      hidden_to = raw_end(blocks, place, 'RawBlock') or hidden_to
    end
    if level or place <= hidden_to then
      note(block)
    else
      if not is_private(block) and not shows_private(block) then
        kept:insert(block)
      else
        note(block)
        if block.t == 'Header' then -- what follows is its section
          level, open = block.level, 0
        end
      end
    end
  end
  return kept
end

local function cut_inlines(inlines)
  local kept = pandoc.List()
  local hidden_to = 0
  for place, inline in ipairs(inlines) do
    if place > hidden_to and is_raw(inline, 'RawInline') then
      hidden_to = raw_end(inlines, place, 'RawInline') or hidden_to
    end
    if place > hidden_to and not is_private(inline) then
      kept:insert(inline)
    else
      note(inline)
    end
  end
  return kept
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
