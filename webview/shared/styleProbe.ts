// While it loads, the toolkit tries by an inline style sheet whether the browser knows :focus-visible. Pages refuse such
// sheets: it would take the browser for an old one, draw rings around whatever is clicked, and every page would start
// with a complaint. Imported before the toolkit, this hands it a sheet made by script, which is allowed.

const html = "http://www.w3.org/1999/xhtml";
const create = (name: string): Element => document.createElementNS(html, name);

Object.defineProperty(document, "createElement", {
  configurable: true,
  value: (name: string): Element =>
    name === "style" ? Object.assign(create("meta"), { sheet: new CSSStyleSheet() }) : create(name),
});

/** Once the toolkit is loaded, elements are made as ever. */
export function endStyleProbe(): void {
  Reflect.deleteProperty(document, "createElement");
}
