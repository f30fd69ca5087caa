-- Keeps what pandoc's Markdown writer drops: TeX that the source has outside of formulas. An environment
-- becomes a display formula, anything else code, so that a reader sees it.

local PLAIN = { equation = true, displaymath = true, math = true }
local INSIDE = {
  align = "aligned", alignat = "alignedat", flalign = "aligned", eqnarray = "aligned",
  gather = "gathered", multline = "gathered",
}

local function formula(text)
  local name, body = text:match("^%s*\\begin%s*{(%a+)%*?}(.*)\\end%s*{%a+%*?}%s*$")
  if not name then
    return nil
  end
  body = body:gsub("\n%s*\n", "\n")
  if PLAIN[name] then
    return body:match("^%s*(.-)%s*$")
  end
  if INSIDE[name] then
    return "\\begin{" .. INSIDE[name] .. "}" .. body .. "\\end{" .. INSIDE[name] .. "}"
  end
  return text:gsub("\n%s*\n", "\n")
end

local function is_tex(format)
  return format == "latex" or format == "tex" or format == "context"
end

local function is_html(format)
  return format:match("^html") ~= nil
end

function RawBlock(raw)
  if is_html(raw.format) then
    return nil
  end
  local made = is_tex(raw.format) and formula(raw.text) or nil
  if made then
    return pandoc.Para({ pandoc.Math("DisplayMath", made) })
  end
  return pandoc.CodeBlock(raw.text)
end

function RawInline(raw)
  if is_html(raw.format) then
    return nil
  end
  local made = is_tex(raw.format) and formula(raw.text) or nil
  if made then
    return pandoc.Math("DisplayMath", made)
  end
  return pandoc.Code(raw.text)
end
