export const STYLE = `
:root { color-scheme: light dark; --paper: #fbfaf7; --card: #fff; --ink: #22201c; --quiet: #6a655c; --edge: #e3ded4;
  --accent: #8a4b12; --warn: #9a3412; --chip-l: 91%; --chip-ink-l: 26%; --lock: #fdeac9; --lock-ink: #6b4206 }
@media (prefers-color-scheme: dark) { :root { --paper: #171614; --card: #1f1d1a; --ink: #ebe6dc; --quiet: #a39c8f;
  --edge: #35312b; --accent: #e9a45f; --warn: #f0926b; --chip-l: 24%; --chip-ink-l: 84%; --lock: #46361a; --lock-ink: #f5d9a4 } }
* { box-sizing: border-box }
html { scroll-padding-top: 4.5rem }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
a { color: var(--accent); text-underline-offset: 2px } a:hover { text-decoration-thickness: 2px }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px }
code, pre { font: .875em/1.5 ui-monospace, monospace }
pre { overflow: auto; padding: .75rem; border: 1px solid var(--edge); border-radius: 8px; max-height: 32rem }
.skip { position: absolute; left: -99rem } .skip:focus { left: 1rem; top: 1rem; z-index: 3; background: var(--card); padding: .5rem }
header { position: sticky; top: 0; z-index: 2; display: flex; gap: 1rem; align-items: center; padding: .6rem 1.2rem;
  background: var(--paper); border-bottom: 1px solid var(--edge) }
header h1 { font-size: 1.05rem; margin: 0; max-width: 45%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.search { position: relative; flex: 1; min-width: 14rem; max-width: 36rem }
.search input { width: 100%; padding: .45rem .7rem; font: inherit; color: inherit; background: var(--card);
  border: 1px solid var(--edge); border-radius: 8px }
#results { position: absolute; left: 0; right: 0; margin: .3rem 0 0; padding: .3rem; list-style: none; max-height: 60vh;
  overflow: auto; background: var(--card); border: 1px solid var(--edge); border-radius: 8px; box-shadow: 0 8px 24px #0003 }
#results[hidden] { display: none }
#results li { padding: .3rem .5rem; border-radius: 6px; cursor: pointer; display: flex; justify-content: space-between; gap: 1rem }
#results li[aria-selected=true] { background: var(--accent); color: var(--paper) }
#results small { opacity: .75 }
.columns { display: grid; grid-template-columns: 15rem minmax(0, 1fr); max-width: 82rem; margin: 0 auto }
nav { position: sticky; top: 3.6rem; align-self: start; max-height: calc(100vh - 3.6rem); overflow: auto; padding: 1rem 1.2rem }
nav ul { list-style: none; margin: .2rem 0 .8rem; padding-left: .6rem } nav li { overflow-wrap: anywhere; font-size: .9rem }
nav summary { cursor: pointer; padding: .15rem 0 }
main { padding: 1rem 1.2rem 6rem }
section h2 { margin: 2rem 0 .6rem; font-size: 1.25rem } h2 small { color: var(--quiet); font-weight: 400; font-size: .85rem }
article { background: var(--card); border: 1px solid var(--edge); border-radius: 10px; padding: .8rem 1.1rem; margin: 0 0 .9rem }
article:target, dt:target { border-color: var(--accent); box-shadow: -4px 0 0 var(--accent) }
h3 { margin: 0 0 .3rem; font-size: 1.05rem } h3 a { color: inherit; text-decoration: none } h3 a:hover { text-decoration: underline }
p { margin: .2rem 0 } .kind { color: var(--quiet); font-weight: 400; font-size: .85rem } .quiet, .args { color: var(--quiet); font-size: .9rem }
dl { margin: .6rem 0 0 } dt { padding-top: .45rem; border-top: 1px solid var(--edge); margin-top: .45rem } dd { margin: 0 0 0 1.2rem }
.args { margin: .2rem 0; padding-left: 1.1rem } .deprecated { color: var(--warn) }
.chip { display: inline-block; padding: 0 .5rem; border-radius: 99px; font-size: .82em; font-weight: 600;
  background: hsl(var(--hue) 55% var(--chip-l)); color: hsl(var(--hue) 60% var(--chip-ink-l)) }
.lock { display: inline-block; padding: 0 .5rem; border-radius: 99px; font-size: .8rem; font-weight: 400; background: var(--lock); color: var(--lock-ink) }
.mark { color: var(--quiet); font-size: .8rem }
.plan { overflow-x: auto; padding: .4rem 0 } .plan svg { display: block }
.plan rect { fill: hsl(var(--hue) 55% var(--chip-l)); stroke: hsl(var(--hue) 45% 50%) }
.plan text { font: 13px system-ui, sans-serif; fill: hsl(var(--hue) 60% var(--chip-ink-l)) } .plan .service { font-weight: 650 }
.plan .note { font: 12px ui-monospace, monospace } .plan .wire { fill: none; stroke: var(--quiet); stroke-width: 1.5 } .plan .tip { fill: var(--quiet) }
footer { color: var(--quiet); padding: 1rem 1.2rem; font-size: .85rem }
@media (max-width: 52rem) { .columns { grid-template-columns: 1fr } nav { position: static; max-height: none } header { flex-wrap: wrap } }
@media print { header, nav { display: none } .columns { display: block } article { break-inside: avoid } }
`;
