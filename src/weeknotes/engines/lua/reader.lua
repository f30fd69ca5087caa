-- Reads a page's Markdown with pandoc, after the constructs that pandoc alone would tear apart have been
-- put into a form that it knows.
--
-- A fence with braces (```{bash}, ```{r, echo=FALSE}, ```{{python}}) is no attribute list, so pandoc takes
-- the block for a line of inline code, and a comment of a shell script for a heading. Such braces are
-- replaced by a word before reading and put back afterwards, wherever they turn out to be: pandoc alone
-- decides what is a block of code.

local M = {}

local TICKS = "[`~][`~][`~]+"
local WORD = "wnfence%dx"
local FOUND = "wnfence(%d+)x"

-- Whether pandoc reads `braces` after a fence as attributes (or as a raw format).
local function is_attributes(braces)
  if braces:match("^{%s*=%s*[%w_+-]+%s*}$") then
    return true
  end
  local blocks = pandoc.read("```" .. braces .. "\nx\n```\n", "markdown").blocks
  return #blocks == 1 and blocks[1].tag == "CodeBlock" and blocks[1].text == "x"
end

-- `text` with a word for each of the braces that are none, and the braces by their number.
local function hide_braces(text)
  local numbers, hidden = {}, {}
  local function hide(start, braces, rest)
    if numbers[braces] == nil then
      numbers[braces] = false
      if not is_attributes(braces) then
        hidden[#hidden + 1] = braces
        numbers[braces] = #hidden
      end
    end
    if not numbers[braces] then
      return nil
    end
    return start .. WORD:format(numbers[braces]) .. rest
  end
  text = ("\n" .. text):gsub("(\n[ \t>%-*+%d.)]*" .. TICKS .. "[ \t]*)(%b{})([ \t]*)%f[\n]", hide)
  return text:sub(2), hidden
end

-- The language, the identifier and the classes that braces name.
local function parts(braces)
  local inner = braces:gsub("^{+", ""):gsub("}+$", "")
  local language = inner:match("^%s*([%w_+#-]+)") or ""
  local identifier = inner:match("%s#([%w_:.-]+)") or ""
  local classes = {}
  for class in inner:gmatch("%s%.([%w_-]+)") do
    classes[#classes + 1] = class
  end
  return language, identifier, classes
end

local DRAWN = { mermaid = "%%%%|", dot = "//|" }

-- A diagram without the lines of its options; as a figure where these give it a label or a caption.
local function diagram(block)
  local lines = {}
  local mark = "^" .. DRAWN[block.attributes.fence] .. " ?(.-)%s*$"
  local text = block.text
  while true do
    local line, rest = text:match("^([^\n]*)\n?(.*)$")
    local option = line:match(mark)
    if not option then
      break
    end
    lines[#lines + 1], text = option, rest
  end
  if #lines == 0 then
    return block
  end
  local yaml = "---\n" .. table.concat(lines, "\n") .. "\n---\n"
  local ok, doc = pcall(pandoc.read, yaml, "markdown")
  local meta = ok and doc.meta or {}
  if meta.file then
    return block  -- What is in a file of its own is not drawn: the page shows the name, and says so.
  end
  block.text = text
  local label = meta.label and pandoc.utils.stringify(meta.label) or ""
  local caption = meta["fig-cap"]
  local blocks = pandoc.Blocks { block }
  local echo = meta.echo ~= nil and pandoc.utils.stringify(meta.echo)
  if echo == "true" or echo == "fenced" then
    local shown = block:clone()
    shown.attributes.fence = nil
    if echo == "fenced" then
      shown.text = "```{" .. block.attributes.fence .. "}\n" .. shown.text .. "\n```"
      shown.classes = { "markdown" }
    end
    blocks:insert(1, shown)
  end
  if caption or label:match("^fig%-") then
    local kind = pandoc.utils.type(caption)
    local inlines = kind == "Inlines" and caption
      or kind == "Blocks" and pandoc.utils.blocks_to_inlines(caption)
      or pandoc.Inlines { pandoc.utils.stringify(caption or "") }
    return pandoc.Figure(blocks, { long = caption and { pandoc.Plain(inlines) } or {} },
      pandoc.Attr(label:match("^fig%-.*") or ""))
  end
  return blocks
end

-- A code block whose fence had braces: code in a language, or a fence shown as it is written.
local function code_block(block, braces)
  local language, identifier, classes = parts(braces)
  if braces:match("^{{") and #classes == 0 and identifier == "" then
    block.text = "```" .. braces:sub(2, -2) .. "\n" .. block.text .. "\n```"
    language = "markdown"
  end
  block.classes = pandoc.List { language:lower() } .. classes
  block.identifier = identifier
  if not braces:match("^{{") then
    block.attributes["fence"] = language:lower()
    if DRAWN[language:lower()] then
      return diagram(block)
    end
  end
  return block
end

local function shown(hidden)
  local function restore(text)
    return (text:gsub(FOUND, function(number) return hidden[tonumber(number)] end))
  end
  local function restore_text(element)
    element.text = restore(element.text)
    return element
  end
  return {
    CodeBlock = function(block)
      block.text = restore(block.text)
      local number = (block.classes[1] or ""):match("^" .. FOUND .. "$")
      local braces = number and hidden[tonumber(number)]
      return braces and code_block(block, braces) or block
    end,
    Code = restore_text,
    RawBlock = restore_text,
    RawInline = restore_text,
    Math = restore_text,
    Str = restore_text,
  }
end

local function is_div(line)
  local blocks = pandoc.read(line .. "\n\nx\n\n:::\n", "markdown").blocks
  return #blocks == 1 and blocks[1].tag == "Div"
end

-- `text` with the attributes of fenced divs written without spaces around the equals sign, where that
-- makes a div of what would be text (as in Quarto).
local function mend_divs(text)
  return ("\n" .. text):gsub("\n([ \t]*:::+[ \t]*)(%b{})([ \t]*)%f[\n]", function(colons, braces, rest)
    local bare = braces:gsub("%b\"\"", ""):gsub("%b''", "")
    if not bare:find("%s=") and not bare:find("=%s") then
      return nil
    end
    local parts = {}
    -- Quoted values stay as they are.
    for plain, quoted in (braces .. '""'):gmatch('([^"\']*)(["\'][^"\']*["\'])') do
      parts[#parts + 1] = plain:gsub("%s*=%s*", "=") .. quoted
    end
    local mended = table.concat(parts):gsub('""$', "")
    if is_div(colons .. braces) or not is_div(colons .. mended) then
      return nil
    end
    return "\n" .. colons .. mended .. rest
  end):sub(2)
end

-- The document that `text` is. `extension` is that of images that are named without one; none if it is
-- left out.
function M.read(text, extension)
  local hidden
  extension = extension or ""
  if text:find(":::[^\n]*%s=") or text:find(":::[^\n]*=%s") then
    text = mend_divs(text)
  end
  text, hidden = hide_braces(text)
  -- A line that begins with % is none of pandoc's title block: it may be a command of Jupyter's.
  local doc = pandoc.read(text, "markdown-pandoc_title_block", { default_image_extension = extension })
  if extension ~= "" and (text:find("%]%(%)") or text:find("/%)")) then
    -- An address that names no file gets none.
    doc = doc:walk {
      Image = function(image)
        local bare = image.src:match("^(.*)%." .. extension .. "$")
        if bare == "" or (bare and bare:match("/$")) then
          image.src = bare
          return image
        end
      end,
    }
  end
  return #hidden > 0 and doc:walk(shown(hidden)) or doc
end

return M
