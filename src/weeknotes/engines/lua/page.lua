-- One page: Markdown read, its structures and cross-references resolved, citations set, HTML written.

local annotations = require "annotations"
local crossref = require "crossref"
local margins = require "margins"
local private = require "private"
local reader = require "reader"
local structure = require "structure"

local M = {}

local NOTES = { block = "end-of-block", section = "end-of-section" }

local function writer(options)
  return pandoc.WriterOptions {
    section_divs = true,
    html_math_method = "mathml",
    wrap_text = "wrap-none",
    reference_location = NOTES[options["reference-location"]] or "end-of-document",
  }
end

local DATES = { "issued", "accessed", "event-date", "original-date", "submitted" }

-- The metadata that citeproc looks at.
local function citation_meta(job)
  local meta = pandoc.read(job.references, "csljson").meta
  for _, reference in ipairs(meta.references or {}) do
    for _, name in ipairs(DATES) do
      -- Dates have become texts (2020-03/2020-04), in words too: those citeproc would drop.
      local date = reference[name]
      local text = type(date) == "string" and date or ""
      if text:find("[^%d%-/~?.:TZ+]") then
        reference[name] = { literal = text }
      end
    end
  end
  if job.own_references then
    -- The page's own are in the looser form of YAML metadata, which JSON is a part of.
    local own = pandoc.read("---\n" .. job.own_references .. "\n---\n", "markdown").meta
    meta.references:extend(own.references)
  end
  meta.lang = job.lang
  meta.csl = job.csl
  for name, value in pairs(job.citeproc) do
    meta[name] = value
  end
  if job.nocite then
    local blocks = pandoc.read(job.nocite, "markdown").blocks
    meta.nocite = pandoc.MetaInlines(pandoc.utils.blocks_to_inlines(blocks))
  end
  return meta
end

-- The keys that are cited but not among the references given, in order of appearance.
local function missing_keys(cited, job)
  local known, missing = {}, {}
  for _, key in ipairs(job.keys) do
    known[key] = true
  end
  for _, key in ipairs(cited) do
    if not known[key] then
      known[key] = true
      missing[#missing + 1] = key
    end
  end
  return missing
end

-- The words in a document's text, code, formulas, raw HTML and addresses, with how often each is there.
-- Numbers are left out: those of examples depend on how many there are.
local function words_of(doc)
  local found = {}
  local function add(text)
    -- Signs (U+2000 to U+2FFF) are no words.
    for word in text:gsub('\226[\128-\191][\128-\191]', ' '):gmatch '[^%s%p]+' do
      if not word:match '^%d+$' then found[word] = (found[word] or 0) + 1 end
    end
  end
  local function text(element) add(element.text) end
  local function target(element)
    local address = element.target or element.src
    -- What leads to a heading of the page is named after it.
    if address:sub(1, 1) ~= '#' then add(address) end
    add(element.title)
  end
  doc:walk { Str = text, Code = text, Math = text, RawInline = text, RawBlock = text, CodeBlock = text,
    Link = target, Image = target }
  return found
end

-- Whether `one` has words that `other` lacks.
local function has_more(one, other)
  for word, count in pairs(one) do
    if count > (other[word] or 0) then return true end
  end
  return false
end

-- `text` as a document without what pandoc itself takes for private. Every element of a page is looked at
-- for that, which takes as long as reading it, so it is done where the page could hold a mark at all.
local function public_reading(text, job)
  local doc = reader.read(text, job.options["default-image-extension"])
  if not job["may-hold-private"] and next(doc.meta) == nil then
    return doc
  end
  return private[1].Pandoc(doc)
end

-- The document without what is private. Pandoc's reading of the original decides: what is shown without
-- that is left out. Where the cut text shows less, that is kept; where it shows more, the original,
-- cut as pandoc reads it, takes its place. The second value says whether the two readings differ.
local function public_document(job)
  local doc = public_reading(job.markdown, job)
  if not job.original then
    return doc, false
  end
  local whole = public_reading(job.original, job)
  local ours, theirs = words_of(doc), words_of(whole)
  if has_more(ours, theirs) then
    return whole, true
  end
  return doc, has_more(theirs, ours)
end

-- job: markdown, original, shows-private, may-hold-private (never false of a page that does), references (CSL-JSON text), own_references (YAML text), keys, csl,
-- lang, citeproc, nocite, words, options, conditions (flags: the metadata that are true, by their path;
-- profiles: the active ones), title (Markdown, where it has markup).
-- Returns html, title (HTML), differs (whether two readings of what is private do), cited and missing
-- (citation keys), labels and unresolved (labels of cross-references).
function M.convert(job)
  local index = crossref.new_index(job.words, job.options, job.conditions)
  local doc, differs
  if job["shows-private"] then
    doc, differs = reader.read(job.markdown, job.options["default-image-extension"]), false
  else
    doc, differs = public_document(job)
  end
  local blocks = doc.blocks
  if job.options["code-annotations"] ~= false and job.markdown:find("<%d+>") then
    blocks = annotations.apply(blocks, job.options["code-annotations"])
  end
  blocks = structure.apply(blocks, index, job.markdown)
  blocks = margins.apply(blocks, job.markdown, job.options)
  if job.title then
    -- With the page's blocks, so that what the title cites is set and counted with the rest.
    local inlines = pandoc.utils.blocks_to_inlines(reader.read(job.title).blocks)
    blocks:insert(1, pandoc.Plain(inlines))
  end
  local cited = {}
  if (job.markdown .. (job.title or "")):find("@", 1, true) then
    blocks, cited = crossref.resolve(blocks, index)
  end
  doc = pandoc.Pandoc(blocks)
  local set = job.options.citeproc and (#cited > 0 or job.nocite)
  if set then
    doc.meta = citation_meta(job)
    doc = pandoc.utils.citeproc(doc)
    doc.meta = {}
  end
  local title
  if job.title then
    title = pandoc.write(pandoc.Pandoc { doc.blocks:remove(1) }, "html", writer(job.options))
  end
  if set and job.options["citation-location"] == "margin" then
    doc.blocks = margins.entries(doc.blocks)
  end
  local labels = pandoc.List()
  for label in pairs(index.entries) do
    labels:insert(label)
  end
  return {
    html = pandoc.write(doc, "html", writer(job.options)),
    title = title,
    cited = pandoc.List(cited),
    labels = labels,
    missing = pandoc.List(missing_keys(cited, job)),
    unresolved = pandoc.List(index.unresolved),
    notes = pandoc.List(index.notes),
    differs = differs,
  }
end

return M
