/** A page to leaf through the pictures: one row for each state, one column for each look. */
import type { Look } from "../support/looks.ts";

export function indexOf(pictures: readonly string[], looks: readonly Look[]): string {
  const names = [...new Set(pictures.map((file) => nameOf(file, looks)))].filter(Boolean).sort();
  const rows = names.map((name) => {
    const cells = looks.map((look) => {
      const file = `${name}-${look.name}.png`;
      return `<a href="${file}"><img src="${file}" alt="${name}, ${look.name}" loading="lazy"></a>`;
    });
    return `<section id="${name}"><h2>${name}</h2><div>${cells.join("")}</div></section>`;
  });
  const links = names.map((name) => `<a href="#${name}">${name}</a>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Every page of Scanmeter</title>
<style>
  body { margin: 24px; font: 15px/1.5 system-ui, sans-serif; }
  nav { columns: 5 14em; }
  nav a { display: block; }
  section div { display: flex; gap: 16px; align-items: start; overflow-x: auto; }
  img { max-height: 80vh; border: 1px solid #ccc; }
</style>
<h1>Every page of Scanmeter</h1>
<nav>${links.join("")}</nav>
${rows.join("\n")}
</html>
`;
}

function nameOf(file: string, looks: readonly Look[]): string {
  const look = looks.find(({ name }) => file.endsWith(`-${name}.png`));
  return look ? file.slice(0, -`-${look.name}.png`.length) : "";
}
