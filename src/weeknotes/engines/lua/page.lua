-- One page: Markdown read, its structures and cross-references resolved, citations set, HTML written.

local crossref = require "crossref"
local private = require "private"
local reader = require "reader"
local structure = require "structure"

local M = {}

local writer = pandoc.WriterOptions {
  section_divs = true,
  html_math_method = "mathml",
  wrap_text = "wrap-none",
}

-- The metadata that citeproc looks at.
local function citation_meta(job)
  local meta = pandoc.read(job.references, "csljson").meta
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

-- job: markdown, shows-private, references (CSL-JSON text), own_references (YAML text), keys, csl,
-- lang, citeproc, nocite, words, options.
-- Returns html, missing (citation keys) and unresolved (labels of cross-references).
function M.convert(job)
  local index = crossref.new_index(job.words, job.options)
  local doc = reader.read(job.markdown)
  if not job["shows-private"] and job.markdown:lower():find("private", 1, true) then
    doc = private[1].Pandoc(doc)
  end
  local blocks = doc.blocks
  blocks = structure.apply(blocks, index, job.markdown)
  local cited = {}
  if job.markdown:find("@", 1, true) then
    blocks, cited = crossref.resolve(blocks, index)
  end
  doc = pandoc.Pandoc(blocks)
  if job.options.citeproc and (#cited > 0 or job.nocite) then
    doc.meta = citation_meta(job)
    doc = pandoc.utils.citeproc(doc)
    doc.meta = {}
  end
  return {
    html = pandoc.write(doc, "html", writer),
    missing = pandoc.List(missing_keys(cited, job)),
    unresolved = pandoc.List(index.unresolved),
    notes = pandoc.List(index.notes),
  }
end

return M
