-- Figures, tables and listings with a label and a number; panels that set things side by side.

local crossref = require "crossref"
local list_table = require "list_table"
local panels = require "panels"

local M = {}

-- The kinds whose content is an image, a table or a block of code.
M.FLOATS = { fig = true, tbl = true, lst = true }

local function caption_of(block)
  return pandoc.utils.blocks_to_inlines(block.caption.long)
end

local function set_caption(block, inlines)
  block.caption = { long = { pandoc.Plain(inlines) } }
end

local function read_inlines(text)
  return pandoc.utils.blocks_to_inlines(pandoc.read(text, "markdown").blocks)
end

local function is_labelled(block, kind)
  return crossref.kind(block.identifier) == kind
end

-- The image that is all there is in a paragraph, or nil.
local function only_image(block)
  if (block.tag == "Para" or block.tag == "Plain") and #block.content == 1
      and block.content[1].tag == "Image" then
    return block.content[1]
  end
end

local function as_figure(image)
  local label = image.identifier
  image.identifier = ""
  local figure = pandoc.Figure({ pandoc.Plain { image } }, {}, pandoc.Attr(label))
  set_caption(figure, image.caption)
  return figure
end

-- The captioned image that a link around it is all of a paragraph, as a figure.
local function linked_figure(block)
  local link = block.tag == "Para" and #block.content == 1 and block.content[1]
  if not link or link.tag ~= "Link" or #link.content ~= 1 or link.content[1].tag ~= "Image" then
    return nil
  end
  local image = link.content[1]
  if #image.caption == 0 then
    return nil
  end
  local figure = as_figure(image)
  link.content = { image }
  figure.content = { pandoc.Plain { link } }
  return figure
end

-- A paragraph of one labelled image without caption is a figure all the same, and so is one of a
-- captioned image in a link.
function M.lone_image(block, index)
  local image = only_image(block)
  if image and M.FLOATS[crossref.kind(image.identifier)] then
    return M.figure(as_figure(image), index)
  end
  local figure = linked_figure(block)
  return figure and (M.figure(figure, index) or figure)
end

-- A block of code under the name of its file.
function M.with_filename(block)
  local name = block.attributes.filename
  block.attributes.filename = nil
  return pandoc.Div({
    pandoc.Div({ pandoc.Plain { pandoc.Str(name) } }, { class = "code-filename" }), block,
  }, { class = "code-with-filename" })
end

function M.figure(figure, index)
  local kind = crossref.kind(figure.identifier)
  if figure.classes:includes("part") or not M.FLOATS[kind] then
    return nil
  end
  local number = crossref.number(index, kind, figure.identifier)
  set_caption(figure, crossref.caption(index, kind, number, caption_of(figure)))
  if kind ~= "fig" then
    figure.classes:insert(kind == "lst" and "listing" or kind)
  end
  return figure
end

local function column_widths(tbl, text)
  local widths, total = {}, 0
  for number in text:gmatch("[%d.]+") do
    widths[#widths + 1] = tonumber(number)
    total = total + tonumber(number)
  end
  if total == 0 or #widths ~= #tbl.colspecs then
    return
  end
  local specs = tbl.colspecs
  for i, spec in ipairs(specs) do
    spec[2] = widths[i] / (total > 100 and total or total <= 1 and 1 or 100)
  end
  tbl.colspecs = specs
end

-- The attributes that a caption ends with where pandoc has taken them for text, such as
-- `{tbl-colwidths=[20,40,40]}`, go to the table.
local function take_attributes(tbl)
  local inlines = caption_of(tbl)
  local text, first = "", nil
  for i = #inlines, 1, -1 do
    text = pandoc.utils.stringify(inlines[i]) .. text
    if text:find("^{") then
      first = i
      break
    end
  end
  local inner = first and text:match("^{([^{}]*)}$")
  if not inner then
    return
  end
  inner = inner:gsub("=(%[[^%]]*%])", '="%1"')
  local read = pandoc.utils.blocks_to_inlines(pandoc.read("[]{" .. inner .. "}", "markdown").blocks)
  if #read ~= 1 or read[1].tag ~= "Span" then
    return
  end
  for i = #inlines, first, -1 do
    inlines:remove(i)
  end
  while #inlines > 0 and inlines[#inlines].tag == "Space" do
    inlines:remove(#inlines)
  end
  set_caption(tbl, inlines)
  if read[1].identifier ~= "" then
    tbl.identifier = read[1].identifier
  end
  tbl.classes:extend(read[1].classes)
  for name, value in pairs(read[1].attributes) do
    tbl.attributes[name] = value
  end
end

function M.table(tbl, index)
  take_attributes(tbl)
  local widths = tbl.attr.attributes["tbl-colwidths"]
  if widths then
    tbl.attr.attributes["tbl-colwidths"] = nil
    column_widths(tbl, widths)
  end
  if tbl.classes:includes("part") then
    return tbl
  end
  if is_labelled(tbl, "tbl") then
    local number = crossref.number(index, "tbl", tbl.identifier)
    set_caption(tbl, crossref.caption(index, "tbl", number, caption_of(tbl)))
    return tbl
  end
  return tbl
end

function M.listing(block, index)
  local number = crossref.number(index, "lst", block.identifier)
  local caption = read_inlines(block.attributes["lst-cap"] or "")
  local figure = pandoc.Figure({ block }, {}, pandoc.Attr(block.identifier, { "listing" }))
  block.identifier = ""
  block.attributes["lst-cap"] = nil
  figure.content = { block.attributes.filename and M.with_filename(block) or block }
  set_caption(figure, crossref.caption(index, "lst", number, caption))
  return figure
end

-- The caption of a labelled div is its last paragraph, if that is more than an image.
local function take_caption(blocks)
  local last = blocks[#blocks]
  if last and last.tag == "Para" and not only_image(last) then
    blocks:remove(#blocks)
    return last.content
  end
  return pandoc.Inlines {}
end

-- A labelled div within a labelled div, as a figure that is a part of it.
local function div_figure(div, kind)
  local content = div.content
  local given = div.attributes[kind .. "-cap"]
  local caption = given and read_inlines(given) or take_caption(content)
  local figure = pandoc.Figure(content, {}, pandoc.Attr(div.identifier))
  set_caption(figure, caption)
  if kind ~= "fig" then
    figure.classes:insert(kind)
  end
  return figure
end

-- Letter the figures or tables within a labelled div as its parts.
local function letter_parts(blocks, kind, parent, index)
  local n = 0
  local function part(block)
    n = n + 1
    local letter = crossref.number_part(index, kind, block.identifier, parent, n)
    local caption = pandoc.Inlines { pandoc.Str(letter) }
    local own = caption_of(block)
    if #own > 0 then
      caption:insert(pandoc.Space())
      caption:extend(own)
    end
    set_caption(block, caption)
    block.classes:insert("part")
    return block
  end
  return blocks:walk {
    traverse = "topdown",
    Figure = function(figure)
      return kind == "fig" and is_labelled(figure, "fig") and part(figure) or nil
    end,
    Para = function(para)
      local image = only_image(para)
      if kind == "fig" and image and is_labelled(image, "fig") then
        return part(as_figure(image))
      end
    end,
    Table = function(tbl)
      return kind == "tbl" and is_labelled(tbl, "tbl") and part(tbl) or nil
    end,
    Div = function(div)
      if crossref.kind(div.identifier) == kind then
        return part(div_figure(div, kind)), false
      end
    end,
  }
end

-- A cell's code stands before what it shows.
local function split_code(div)
  local code, rest = pandoc.Blocks {}, pandoc.Blocks {}
  for _, block in ipairs(div.content) do
    if block.tag == "CodeBlock" and block.classes:includes("cell-code") then
      code:insert(block)
    else
      rest:insert(block)
    end
  end
  return code, rest
end

-- The caption of the first table in `blocks` that is written in HTML, which it then loses, and `blocks`.
local function take_html_caption(blocks)
  local caption
  blocks = blocks:walk {
    RawBlock = function(block)
      local html = not caption and block.format == "html" and block.text:find("<table")
        and block.text:match("<caption[^>]*>(.-)</caption>")
      if html then
        caption = pandoc.utils.blocks_to_inlines(pandoc.read(html, "html").blocks)
        block.text = block.text:gsub("%s*<caption[^>]*>.-</caption>", "", 1)
        return block
      end
    end,
  }
  return caption or pandoc.Inlines {}, blocks
end

-- `blocks` with `caption` on their first table, where that has none.
local function give_caption(blocks, caption)
  local given = false
  return blocks:walk {
    traverse = "topdown",
    Table = function(tbl)
      if not given then
        given = true
        if #caption_of(tbl) == 0 then
          set_caption(tbl, caption)
          return tbl, false
        end
      end
    end,
    RawBlock = function(block)
      if not given and block.format == "html" and block.text:find("<table") then
        given = true
        if not block.text:find("<caption") then
          local html = pandoc.write(pandoc.Pandoc { pandoc.Plain(caption) }, "html")
          local _, last = block.text:find("<table[^>]*>")
          block.text = block.text:sub(1, last) .. "<caption>" .. html .. "</caption>"
            .. block.text:sub(last + 1)
          return block
        end
      end
    end,
  }
end

local function count_parts(blocks, kind)
  local n, labelled = 0, false
  blocks:walk {
    Figure = function(el)
      if kind == "fig" then
        n = n + 1
        labelled = labelled or is_labelled(el, "fig")
      end
    end,
    Para = function(el)
      if kind == "fig" and only_image(el) then
        n = n + 1
        labelled = labelled or is_labelled(only_image(el), "fig")
      end
    end,
    Table = function(el)
      if kind == "tbl" and is_labelled(el, "tbl") then
        n, labelled = n + 1, true
      end
    end,
    Div = function(el)
      labelled = labelled or is_labelled(el, kind)
    end,
  }
  return n, labelled
end

-- A div labelled #fig-… or #tbl-… becomes a figure; a single table in it takes the label itself.
local function labelled_div(div, kind, index)
  local is_cell = div.classes:includes("cell")
  local code, content = pandoc.Blocks {}, div.content
  if is_cell then
    code, content = split_code(div)
  end
  local attributes = div.attributes
  local given = attributes[kind .. "-cap"]
  local caption = given and read_inlines(given) or take_caption(content)
  if kind == "tbl" and #caption == 0 then
    caption, content = take_html_caption(content)
  end
  local label = div.identifier
  local number = crossref.number(index, kind, label)
  local _, labelled = count_parts(content, kind)
  if labelled then
    content = letter_parts(content, kind, label, index)
  elseif #content == 1 and content[1].tag == "Table" then
    local tbl = content[1]
    if #caption == 0 then
      caption = caption_of(tbl)
    end
    set_caption(tbl, pandoc.Inlines {})
  end
  content = panels.rows(content, attributes)
  local classes = div.classes:filter(function(class) return class ~= "cell" end)
  local figure = pandoc.Figure(content, {}, pandoc.Attr(label, classes))
  figure.classes:insert("part")
  if kind ~= "fig" then
    figure.classes:insert(kind == "lst" and "listing" or kind)
  end
  set_caption(figure, crossref.caption(index, kind, number, caption))
  if is_cell then
    code:insert(figure)
    return pandoc.Div(code, { class = "cell" })
  end
  return figure
end

function M.div(div, index)
  local kind = crossref.kind(div.identifier)
  local tbl = list_table.read(div)
  if tbl then
    return M.table(tbl, index)
  end
  if M.FLOATS[kind] then
    return labelled_div(div, kind, index)
  end
  local caption = div.attributes["tbl-cap"]
  if caption and div.classes:includes("cell") then
    div.attributes["tbl-cap"] = nil
    div.content = give_caption(div.content, read_inlines(caption))
    return M.div(div, index) or div
  end
  if div.attributes["layout-ncol"] or div.attributes["layout-nrow"] or div.attributes.layout then
    local code, content = split_code(div)
    div.content = code .. panels.rows(content, div.attributes)
    return div
  end
end

return M
