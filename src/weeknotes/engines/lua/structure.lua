-- Callouts, tabsets, figures, tables, listings, theorems, panels and folded code.
-- What HTML has no element for in pandoc's model stays a div, which the normaliser turns into one.

local crossref = require "crossref"
local floats = require "floats"
local theorems = require "theorems"

local M = {}

local CALLOUTS = { "note", "tip", "warning", "important", "caution" }

local function inlines_of(text)
  return pandoc.utils.blocks_to_inlines(pandoc.read(text, "markdown").blocks)
end

local function callout_title(div, kind, index)
  local given = div.attributes.title
  if given and given ~= "" then
    return inlines_of(given), true
  end
  local first = div.content[1]
  if first and first.tag == "Header" then
    div.content:remove(1)
    return first.content, true
  end
  return pandoc.Inlines { pandoc.Str(index.words[kind]) }, false
end

local function callout(div, kind, index)
  local title, own = callout_title(div, kind, index)
  local appearance = div.attributes.appearance
  local classes = { "callout", "callout-" .. kind }
  if appearance == "simple" or appearance == "minimal" then
    classes[#classes + 1] = "callout-simple"
  end
  if appearance == "minimal" or div.attributes.icon == "false" then
    classes[#classes + 1] = "no-icon"
  end
  local parts = pandoc.Blocks {}
  if crossref.is_callout(div.identifier) then
    local label = crossref.CALLOUT_KINDS[kind]
    title = crossref.caption(index, label, crossref.number(index, label, div.identifier), title)
    own = true
  end
  if appearance ~= "minimal" or own then
    parts:insert(pandoc.Div({ pandoc.Plain(title) }, { class = "callout-title" }))
  end
  parts:insert(pandoc.Div(div.content, { class = "callout-body" }))
  local attributes = {}
  if div.attributes.collapse then
    attributes.collapse = div.attributes.collapse
  end
  return pandoc.Div(parts, pandoc.Attr(div.identifier, classes, attributes))
end

local function tabset(div)
  local level
  for _, block in ipairs(div.content) do
    if block.tag == "Header" then
      level = block.level
      break
    end
  end
  local parts, tab = pandoc.Blocks {}, nil
  for _, block in ipairs(div.content) do
    if block.tag == "Header" and block.level == level then
      tab = pandoc.Div({}, { class = "tab" })
      tab.content:insert(pandoc.Div({ pandoc.Plain(block.content) }, { class = "tab-title" }))
      parts:insert(tab)
    elseif tab then
      tab.content:insert(block)
      parts[#parts] = tab
    else
      parts:insert(block)
    end
  end
  local attributes = div.attributes.group and { group = div.attributes.group } or {}
  return pandoc.Div(parts, pandoc.Attr(div.identifier, { "tabset" }, attributes))
end

local FORMATS = { html = true, html5 = true, ["html:js"] = true }

-- Whether all the conditions that an element names hold; so they do where it names none. Nil where one
-- is not known here.
local function holds(attributes, index)
  local tests = {
    format = function(value) return FORMATS[value] or false end,
    meta = function(value) return index.conditions.flags[value] or false end,
    profile = function(value) return index.conditions.profiles[value] or false end,
  }
  local all = true
  for name in pairs(attributes) do
    local test = name:match("^when%-(.+)$") or name:match("^unless%-(.+)$")
    if test and not tests[test] then
      return nil
    end
  end
  for name, test in pairs(tests) do
    local when, unless = attributes["when-" .. name], attributes["unless-" .. name]
    all = all and (when == nil or test(when)) and (unless == nil or not test(unless))
    attributes["when-" .. name], attributes["unless-" .. name] = nil, nil
  end
  return all
end

-- Whether a conditional element is shown; nil for one that is not conditional.
local function condition(element, index)
  local hidden = element.classes:includes("content-hidden")
  if not hidden and not element.classes:includes("content-visible") then
    return nil
  end
  element.classes = element.classes:filter(function(class)
    return class ~= "content-hidden" and class ~= "content-visible"
  end)
  local all = holds(element.attributes, index)
  if all == nil then
    return false
  end
  return all ~= hidden
end

-- Take what is hidden out of `blocks`, before anything in it is numbered.
local function decide(blocks, index)
  local function element(el)
    if condition(el, index) == false then
      return {}
    end
    return el
  end
  return blocks:walk {
    Div = function(div)
      local shown = condition(div, index)
      if shown == nil then
        return nil
      elseif not shown then
        return {}
      end
      -- What only carries the condition leaves nothing behind.
      if div.identifier == "" and #div.classes == 0 and #div.attributes == 0 then
        return div.content
      end
      return div
    end,
    CodeBlock = element,
    Span = element,
  }
end

local function div_handler(index)
  return function(div)
    for _, kind in ipairs(CALLOUTS) do
      if div.classes:includes("callout-" .. kind) then
        return callout(div, kind, index)
      end
    end
    if div.classes:includes("panel-tabset") then
      return tabset(div)
    end
    return theorems.div(div, index) or floats.div(div, index)
  end
end

local function folded(block, index)
  local fold = block.attributes["code-fold"]
  if fold == nil and block.classes:includes("cell-code") then
    fold = index.options["code-fold"]
  end
  if fold == nil or fold == "false" or fold == "none" then
    return nil
  end
  local summary = block.attributes["code-summary"] or index.options["code-summary"]
    or index.words.code
  block.attributes["code-fold"], block.attributes["code-summary"] = nil, nil
  return pandoc.Div({ block }, pandoc.Attr("", { "code-fold" },
    { fold = tostring(fold == "show" and "open" or "closed"), summary = summary }))
end

local function code_handler(index)
  return function(block)
    local numbered = block.attributes["code-line-numbers"]
    if numbered == "true" or (numbered == nil and index.options["code-line-numbers"]) then
      block.classes:insert("numberLines")
    end
    block.attributes["code-line-numbers"] = nil
    if crossref.kind(block.identifier) == "lst" then
      return floats.listing(block, index), false
    end
    if block.attributes.filename then
      return floats.with_filename(block), false
    end
    local div = folded(block, index)
    if div then
      return div, false
    end
    return block
  end
end

local function inline_handler(index)
  return function(block)
    local image = floats.lone_image(block, index)
    if image then
      return image, false
    end
    local inlines = crossref.equations(index, block.content)
    if inlines then
      block.content = inlines
      return block
    end
  end
end

local function image_handler(image)
  local alt, align = image.attributes["fig-alt"], image.attributes["fig-align"]
  if alt then
    image.attributes.alt, image.attributes["fig-alt"] = alt, nil
  end
  if align then
    image.attributes["fig-align"] = nil
    if align == "left" or align == "right" then
      image.classes:insert("align-" .. align)
    end
  end
  return image
end

-- A raw block in the format of another of pandoc's readers, as that reads it. The reader opens no file:
-- those of TeX and some others would include any that the text names.
local function raw_block(block)
  local format = block.format:match("^pandoc%-reader%-(.+)$")
  if format then
    local ok, doc = pcall(pandoc.read, block.text, format, nil, {})
    return ok and doc.blocks or nil
  end
end

-- Every kind of element that a filter names costs a trip from pandoc to Lua and back for each one on
-- the page, so a filter takes part only where the page's text holds what it looks for.
function M.apply(blocks, index, text)
  local function has(...)
    for _, pattern in ipairs { ... } do
      if text:find(pattern) then
        return true
      end
    end
    return false
  end
  if has("{ *= *pandoc%-reader%-") then
    blocks = blocks:walk { RawBlock = raw_block }
  end
  if has("content%-visible", "content%-hidden") then
    blocks = decide(blocks, index)
  end
  local filter = { traverse = "topdown" }
  local function use(names, handler, ...)
    if has(...) then
      for _, name in ipairs(names) do
        filter[name] = handler
      end
    end
  end
  local named = pandoc.List { "callout%-", "panel%-tabset", "layout", "#fig%-", "#tbl%-", "#lst%-",
    "list%-table", "tbl%-cap" }
  for _, name in ipairs(named .. theorems.PATTERNS) do
    -- Divs are either fenced or written in HTML, where the label is an id.
    use({ "Div" }, div_handler(index), ":::[^\n]*" .. name, "<div[^>]*" .. name:gsub("^#", ""))
  end
  use({ "Figure" }, function(figure) return floats.figure(figure, index) end,
    "#fig%-", "#tbl%-", "#lst%-", "| *label: *[\"']?fig%-")
  use({ "Table" }, function(tbl) return floats.table(tbl, index) end, "#tbl%-", "tbl%-colwidths", "list%-table")
  -- A captioned image alone in its paragraph is a Figure already.
  use({ "Para", "Plain" }, inline_handler(index), "{#eq%-", "!%[%]%b()%b{}", "[-*+.)] +!%[", "%[!%[")
  use({ "Image" }, image_handler, "fig%-alt", "fig%-align")
  if index.options["number-sections"] or has("#sec%-") then
    filter.Header = function(header) return crossref.heading(index, header) end
  end
  if index.options["code-fold"] or index.options["code-line-numbers"] or has("#lst%-", "code%-fold", "code%-line", "filename") then
    filter.CodeBlock = code_handler(index)
  end
  return blocks:walk(filter)
end

return M
