-- Panels: blocks that a div or a cell sets side by side, in rows of relative widths.

local M = {}

-- Rows of relative widths from layout-ncol, layout-nrow or layout ("[[1,1],[1]]").
local function layout_rows(attributes, count)
  local rows = {}
  local function even(columns)
    for first = 1, count, columns do
      local row = {}
      for _ = first, math.min(first + columns - 1, count) do
        row[#row + 1] = 100 / columns
      end
      rows[#rows + 1] = row
    end
  end
  if attributes["layout-ncol"] then
    even(math.max(1, math.floor(tonumber(attributes["layout-ncol"]) or 1)))
  elseif attributes["layout-nrow"] then
    local nrow = math.max(1, math.floor(tonumber(attributes["layout-nrow"]) or 1))
    even(math.max(1, math.ceil(count / nrow)))
  elseif attributes.layout then
    local text = attributes.layout:match("^%s*%[(.*)%]%s*$") or ""
    if not text:find("%[") then
      text = "[" .. text .. "]"
    end
    for part in text:gmatch("%[([^%]]*)%]") do
      local row, total = {}, 0
      for number in part:gmatch("-?[%d.]+") do
        row[#row + 1] = tonumber(number)
        total = total + math.abs(tonumber(number))
      end
      for i in ipairs(row) do
        row[i] = row[i] / total * 100
      end
      rows[#rows + 1] = row
    end
  else
    return nil
  end
  return rows
end

-- `blocks` set out in rows as `attributes` ask, or unchanged.
function M.rows(blocks, attributes)
  local rows = layout_rows(attributes, #blocks)
  attributes["layout-ncol"], attributes["layout-nrow"], attributes.layout = nil, nil, nil
  attributes["layout-align"], attributes["layout-valign"] = nil, nil
  if not rows then
    return blocks
  end
  local result, next_block = pandoc.Blocks {}, 1
  for _, widths in ipairs(rows) do
    local row = pandoc.Div({}, { class = "layout-row" })
    for _, width in ipairs(widths) do
      local style = string.format("flex-basis: %.1f%%;", math.abs(width))
      local cell = pandoc.Div({}, pandoc.Attr("", { "layout-cell" }, { style = style }))
      if width >= 0 and blocks[next_block] then
        cell.content:insert(blocks[next_block])
        next_block = next_block + 1
      end
      row.content:insert(cell)
    end
    result:insert(row)
  end
  for i = next_block, #blocks do
    result:insert(blocks[i])
  end
  return result
end

return M
