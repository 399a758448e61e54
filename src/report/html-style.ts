import { cssVariables } from "./palette.ts";

// The style sheet of report.html: one column of text, tables that fit a phone, light and dark, paper.

export const style = `
:root{color-scheme:light dark;${cssVariables("light")}
--mono:ui-monospace,"SF Mono",SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
@media (prefers-color-scheme:dark){:root{${cssVariables("dark")}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
main,header,footer{max-width:62rem;margin:0 auto;padding:0 1rem}
header{padding-top:1.25rem}
h1,h2,h3,p,figure,dl,dd{margin:0}
h1{font-size:.95rem;font-weight:600;color:var(--muted);display:flex;flex-wrap:wrap;gap:.15rem .6rem}
h1 b{color:var(--ink);font-weight:600}
h2{font-size:1.2rem;line-height:1.3;font-weight:650;letter-spacing:-.01em;margin:2.75rem 0 .35rem}
h3{font-size:1rem;font-weight:600}
.apart{margin-top:1.75rem}
.apart+.lead{font-size:.88rem;margin-bottom:.6rem}
.lead{color:var(--muted);margin-bottom:.9rem;max-width:44rem}
.verdict{margin:1rem 0 1.25rem;padding:1.1rem 1.25rem 1.2rem;border-radius:.6rem;border-left:.4rem solid var(--tone);background:var(--tone-bg)}
.verdict strong{display:block;font-size:clamp(1.6rem,1.2rem + 2vw,2.3rem);line-height:1.15;letter-spacing:-.025em;font-weight:700;color:var(--tone)}
.verdict dl{display:grid;grid-template-columns:auto 1fr;gap:.35rem .9rem;margin-top:.8rem}
.verdict dt{font-weight:600}
.verdict ul{margin:0;padding:0;list-style:none;display:grid;gap:.2rem}
.pass{--tone:var(--pass);--tone-bg:var(--pass-bg)}
.fail{--tone:var(--fail);--tone-bg:var(--fail-bg)}
.open{--tone:var(--open);--tone-bg:var(--open-bg)}
.quiet{--tone:var(--muted);--tone-bg:var(--card)}
.statement{font-size:1.06rem;max-width:44rem}
nav{display:flex;flex-wrap:wrap;gap:.2rem 1rem;margin-top:.9rem;font-size:.9rem}
a{color:var(--accent);text-underline-offset:.2em}
code{font-family:var(--mono);font-size:.86em;unicode-bidi:isolate}
table{width:100%;border-collapse:collapse;font-size:.94rem}
th,td{padding:.55rem .6rem;text-align:left;vertical-align:top;border-top:1px solid var(--grid);unicode-bidi:isolate}
th{font-weight:500}
thead th{font-size:.8rem;color:var(--muted);border-top:0;border-bottom:1px solid var(--line);vertical-align:bottom;padding-top:0}
tbody tr:first-child>*{border-top:0}
tr>:first-child{padding-left:0}
tr>:last-child{padding-right:0}
tbody th{min-width:7rem}
.n{text-align:right;white-space:nowrap;overflow-wrap:normal}
thead .n,.reason{white-space:normal}
thead .n{overflow-wrap:anywhere}
.n b{font-weight:600}
small{display:block;font-size:.8rem;line-height:1.4;color:var(--muted)}
.mark{display:inline-block;padding:.05rem .5rem;border-radius:1rem;font-size:.78rem;font-weight:600;line-height:1.5;color:var(--tone);background:var(--tone-bg);white-space:nowrap}
.interval{display:block;width:100%;min-width:7rem;height:1.5rem;overflow:visible}
.interval text{font-size:.75rem;fill:var(--muted)}
.bar .interval{height:2.4rem}
.plot{width:22%;min-width:7rem}
.gates{display:grid;gap:0;padding:0;margin:0;list-style:none;border-top:1px solid var(--line)}
.gates li{display:grid;grid-template-columns:5.6rem minmax(0,1fr) 11rem 13rem;gap:.2rem 1rem;padding:.75rem 0;border-bottom:1px solid var(--grid);align-items:start}
.gates .part{padding-left:1.5rem;border-bottom-style:dashed}
.after{font-size:.88rem;margin-top:.5rem}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:1.5rem 2rem;align-items:start;margin-top:1rem}
.charts+.scroll,.charts+details{margin-top:1.75rem}
figure svg{display:block;width:100%;height:auto;font-family:inherit}
figcaption{margin-bottom:.5rem}
figcaption small{margin-top:.1rem}
figure>small{margin-top:.3rem}
.columns{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,14rem),1fr));gap:1rem;margin-top:1rem}
.column{padding:.75rem .85rem;border-radius:.5rem;background:var(--card);min-width:0}
.column h3{font-size:.9rem;display:flex;justify-content:space-between;gap:.5rem;align-items:baseline}
.column figure{margin-top:.5rem}
.column .hidden{display:grid;place-items:center;min-height:5.2rem;margin-top:.5rem;padding:.4rem;border:1px dashed var(--line);border-radius:.35rem;color:var(--muted);font-size:.8rem;text-align:center}
.column .span{border-style:solid;border-width:1px 0;line-height:1.4}
.span b{font-weight:500;color:var(--ink)}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,15rem),1fr));gap:.7rem 1.5rem}
.facts dt{font-size:.8rem;color:var(--muted)}
.matrix{width:auto;min-width:min(100%,28rem)}
.matrix td,.matrix thead th+th{text-align:right}
.matrix th{overflow-wrap:break-word;max-width:12rem}
.matrix .hit{padding:.5rem .8rem;background:color-mix(in srgb,var(--accent) calc(var(--share)*45%),transparent)}
.matrix .hit small{color:var(--ink)}
.scroll{overflow-x:auto}
.scroll+.scroll{margin-top:1.5rem}
details{margin-top:.75rem}
summary{cursor:pointer;color:var(--accent)}
footer{margin-top:3rem;padding-top:1rem;padding-bottom:2rem;color:var(--muted);font-size:.85rem;border-top:1px solid var(--line)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
@media (max-width:46rem){
.verdict{padding:.9rem 1rem 1rem}
.verdict dl{grid-template-columns:1fr;gap:0}
.verdict dt{margin-top:.4rem;font-size:.85rem}
.gates li{grid-template-columns:minmax(0,1fr) auto}
.gates .what{grid-column:1/-1}
.gates .mark-cell{order:-1}
.gates .numbers{order:-1}
.gates .bar{grid-column:1/-1}
th,td{padding:.5rem .35rem}
table{font-size:.88rem}
.stack .n small{white-space:normal;text-wrap:balance}
.stack tbody th{min-width:0}
.stack tr{display:grid;grid-template-columns:repeat(var(--columns),minmax(0,1fr))}
.stack :is(th,td){padding:.1rem 0 .5rem .5rem;border:0}
.stack tr>:first-child{grid-column:1/-1;padding:.5rem 0 0}
.stack thead tr>:first-child,.stack thead .plot{display:none}
.stack .plot{grid-column:1/-1;width:auto;order:1;padding:0 0 .4rem}
.stack tr>:nth-child(2){text-align:left;padding-left:0}
.stack tbody tr{border-top:1px solid var(--grid)}
.stack thead tr{border-bottom:1px solid var(--line)}
.stack small{font-size:.74rem;letter-spacing:-.01em}
}
@media print{
:root{--paper:#fff;--card:#fff;--ink:#000;--muted:#444;--line:#999;--grid:#ccc;--accent:#1d4aa8;--pass:#0b5228;--fail:#8f1512;--open:#5f3b00;--pass-bg:#fff;--fail-bg:#fff;--open-bg:#fff}
body{font-size:10.5pt}nav{display:none}
.verdict{border:1px solid var(--tone);border-left-width:.4rem}
.gates li,figure,tr,.column{break-inside:avoid}h2{break-after:avoid}
details>:not(summary){display:block}}
`;
