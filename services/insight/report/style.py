"""How the page looks: one style sheet inside the page. No colour says anything that words or shapes do not say too."""

from services.insight.report import colours as c

STYLE = f"""
:root {{ color-scheme: light; }}
* {{ box-sizing: border-box; }}
html {{ font: 100%/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }}
body {{ margin: 0; color: {c.INK}; background: {c.PAPER}; overflow-wrap: anywhere; }}
header, main, footer {{ max-width: 68rem; margin: 0 auto; padding: 0 1rem; }}
h1 {{ font-size: 1.9rem; line-height: 1.2; margin: 1.5rem 0 .5rem; }}
h2 {{ font-size: 1.45rem; line-height: 1.25; margin: 3rem 0 .5rem; }}
h2 {{ padding-top: .75rem; border-top: 3px solid {c.MAIN}; }}
h3 {{ font-size: 1.1rem; line-height: 1.3; margin: 2rem 0 .5rem; }}
p, ul {{ max-width: 42rem; margin: .5rem 0; }}
a {{ color: {c.LINK}; }}
a:focus-visible, [tabindex]:focus-visible {{ outline: 3px solid {c.LINK}; outline-offset: 2px; }}
.skip {{ position: absolute; left: -999rem; }}
.skip:focus {{ position: static; display: inline-block; padding: .5rem 1rem; }}
[lang=en] {{ color: {c.QUIET}; }}
p[lang=en] {{ font-size: .9rem; margin-top: -.25rem; }}
h1 [lang=en], h2 [lang=en], h3 [lang=en] {{ display: block; font-size: .8em; font-weight: normal; }}
th [lang=en], td [lang=en] {{ display: block; font-size: .85em; font-weight: normal; }}
nav ol {{ padding-left: 1.5rem; columns: 17rem; }}
nav li {{ padding: .15rem 0; }}
.pair {{ display: grid; gap: 1rem 2rem; grid-template-columns: minmax(0, 1fr); align-items: start; }}
@media (min-width: 56rem) {{ .pair.two {{ grid-template-columns: minmax(0, 5fr) minmax(0, 7fr); }} }}
.plot {{ margin: 0; max-width: 28rem; }}
.wide {{ overflow-x: auto; }}
table {{ border-collapse: collapse; width: 100%; font-size: .95rem; }}
caption {{ text-align: left; font-weight: bold; padding: .25rem 0; }}
caption [lang=en] {{ font-weight: normal; }}
.away {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }}
.wide {{ position: relative; }}
th, td {{ text-align: left; vertical-align: top; padding: .35rem .4rem; border-bottom: 1px solid {c.RULE}; }}
th, td {{ overflow-wrap: break-word; hyphens: auto; }}
th[scope=row], tbody td:not(.num) {{ min-width: 6.5rem; }}
thead th, .group {{ background: {c.SOFT}; }}
.num {{ text-align: right; }}
@media (min-width: 40rem) {{ td.num {{ white-space: nowrap; }} }}
.held {{ font-style: italic; }}
dl {{ margin: .5rem 0; }}
dt {{ font-weight: bold; margin-top: 1rem; }}
dd {{ margin: 0 0 0 1rem; }}
code {{ font-size: .9em; }}
footer {{ margin: 3rem auto 2rem; }}
svg {{ display: block; width: 100%; height: auto; font: 13px system-ui, "Segoe UI", Roboto, Arial, sans-serif; }}
svg text {{ fill: {c.INK}; stroke: {c.PAPER}; stroke-width: 3; paint-order: stroke; }}
svg .mt {{ fill: {c.LIMIT}; }}
svg .a {{ stroke: {c.RULE}; stroke-width: 1; fill: none; }}
svg .m {{ stroke: {c.LIMIT}; stroke-width: 1.5; stroke-dasharray: 6 3; fill: none; }}
svg .f {{ stroke: {c.LIMIT}; stroke-width: 1.5; stroke-dasharray: 2 3; fill: none; }}
svg .i {{ stroke: {c.MAIN}; stroke-width: 2; fill: none; }}
svg .b {{ fill: {c.MAIN}; }}
svg .p {{ fill: {c.MAIN}; stroke: {c.MAIN}; stroke-width: 2; }}
svg .open {{ fill: {c.PAPER}; }}
@media (max-width: 30rem) {{
  h1 {{ font-size: 1.5rem; }} h2 {{ font-size: 1.25rem; }}
  th, td {{ padding: .3rem .2rem; }} table {{ font-size: .8rem; }}
  th[scope=row], tbody td:not(.num) {{ min-width: 5.5rem; }}
}}
@media print {{
  .skip, nav {{ display: none; }} body {{ font-size: 10pt; }} header, main, footer {{ max-width: none; }}
  h2, h3, caption {{ break-after: avoid; }} tr, .plot, dt {{ break-inside: avoid; }} .wide {{ overflow: visible; }}
  .b, .p, .group, thead th {{ print-color-adjust: exact; }}
}}
""".strip()
