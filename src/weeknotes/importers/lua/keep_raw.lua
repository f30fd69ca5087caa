-- Keeps what pandoc's Markdown writer drops: TeX that the source has outside of formulas. An environment
-- becomes a display formula, anything else code, so that a reader sees it. The tags of a heading of
-- org-mode, which would be words of it, go below it, and its keyword (TODO) is a word.
-- A section that org-mode does not export is private.

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

local function is_space(inline)
  return inline.t == "Space" or inline.t == "SoftBreak" or (inline.t == "Str" and inline.text == "\u{a0}")
end

function Header(header)
  local kept, tags = pandoc.List(), pandoc.List()
  for _, inline in ipairs(header.content) do
    local name = inline.t == "Span" and inline.attributes["tag-name"]
    if name == "noexport" then
      header.attributes["noexport"] = "true"
    elseif name then
      tags:extend({ pandoc.Span({ pandoc.Str(name) }, { class = "tag" }), pandoc.Space() })
    elseif inline.t == "Span" and (inline.classes:includes("todo") or inline.classes:includes("done")) then
      kept:extend(inline.content)
    else
      kept:insert(inline)
    end
  end
  while #kept > 0 and is_space(kept[#kept]) do
    kept:remove()
  end
  header.content = kept
  if #tags == 0 then
    return header
  end
  return { header, pandoc.Para(tags) }
end

-- The blocks with each section that is not exported, its heading and all below it, in a private div.
local function with_private(blocks)
  local made, private, level = pandoc.List(), pandoc.List(), 0
  local function close()
    if #private > 0 then
      made:insert(pandoc.Div(private, { class = "private" }))
    end
    private, level = pandoc.List(), 0
  end
  for _, block in ipairs(blocks) do
    if block.t == "Header" and level > 0 and block.level <= level then
      close()
    end
    if block.t == "Header" and block.attributes["noexport"] then
      block.attributes["noexport"] = nil
      level = level > 0 and level or block.level
    end
    (level > 0 and private or made):insert(block)
  end
  close()
  return made
end

function Pandoc(doc)
  doc.blocks = with_private(doc.blocks)
  return doc
end
