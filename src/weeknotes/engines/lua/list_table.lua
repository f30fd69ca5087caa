-- List tables: a div of the class `list-table` that holds a list of rows, each a list of cells (Quarto
-- documentation, "Tables", List Tables).

local M = {}

M.PATTERN = "list%-table"

local ALIGNMENTS = { d = "AlignDefault", l = "AlignLeft", c = "AlignCenter", r = "AlignRight" }

-- Take the empty span that a list item begins with, which carries the attributes of a row or cell.
local function take_attributes(blocks)
  local first = blocks[1]
  local span = first and (first.tag == "Plain" or first.tag == "Para") and first.content[1]
  if not span or span.tag ~= "Span" or #span.content > 0 then
    return pandoc.Attr()
  end
  first.content:remove(1)
  blocks[1] = first
  return span.attr
end

local function cell(blocks)
  local attr = take_attributes(blocks)
  local columns, rows = tonumber(attr.attributes.colspan), tonumber(attr.attributes.rowspan)
  local align = ALIGNMENTS[attr.attributes.align] or "AlignDefault"
  for _, name in ipairs { "colspan", "rowspan", "align" } do
    attr.attributes[name] = nil
  end
  return pandoc.Cell(blocks, align, rows or 1, columns or 1, attr)
end

-- The rows of `list`, or nil where an item is not made of cells.
local function rows_of(list)
  local rows, width = pandoc.List {}, 0
  for _, item in ipairs(list.content) do
    local attr = take_attributes(item)
    local inner = item[#item]
    if not inner or inner.tag ~= "BulletList" then
      return nil
    end
    local cells, columns = pandoc.List {}, 0
    for _, blocks in ipairs(inner.content) do
      local made = cell(blocks)
      columns = columns + made.col_span
      cells:insert(made)
    end
    width = math.max(width, columns)
    rows:insert(pandoc.Row(cells, attr))
  end
  return rows, width
end

local function colspecs(attributes, width)
  local aligns, shares, total = {}, {}, 0
  for align in (attributes.aligns or ""):gmatch("[^,%s]+") do
    aligns[#aligns + 1] = ALIGNMENTS[align]
  end
  for share in (attributes.widths or ""):gmatch("[%d.]+") do
    shares[#shares + 1] = tonumber(share) or 0
    total = total + shares[#shares]
  end
  local specs = pandoc.List {}
  for i = 1, width do
    local share = total > 0 and shares[i] and shares[i] / total or nil
    specs:insert { aligns[i] or "AlignDefault", share }
  end
  return specs
end

-- The table that `div` describes, or nil where it describes none.
function M.read(div)
  if not div.classes:includes("list-table") then
    return nil
  end
  local caption, list
  for _, block in ipairs(div.content) do
    if block.tag == "BulletList" and not list then
      list = block
    elseif block.tag == "Para" and not caption then
      caption = block
    else
      return nil
    end
  end
  local rows, width = nil, 0
  if list then
    rows, width = rows_of(list)
  end
  if not rows or #rows == 0 then
    return nil
  end
  local attributes = div.attributes
  local heads = math.min(tonumber(attributes["header-rows"] or 1) or 1, #rows)
  local columns = tonumber(attributes["header-cols"] or 0) or 0
  local head, body = pandoc.List {}, pandoc.List {}
  for i, row in ipairs(rows) do
    (i <= heads and head or body):insert(row)
  end
  local specs = colspecs(attributes, width)
  for _, name in ipairs { "header-rows", "header-cols", "aligns", "widths" } do
    attributes[name] = nil
  end
  local classes = div.classes:filter(function(class) return class ~= "list-table" end)
  return pandoc.Table(
    { long = caption and { pandoc.Plain(caption.content) } or {} },
    specs,
    pandoc.TableHead(head),
    { { attr = pandoc.Attr(), body = body, head = {}, row_head_columns = columns } },
    pandoc.TableFoot(),
    pandoc.Attr(div.identifier, classes, attributes)
  )
end

return M
