// Bundles assets/ and what it needs from node_modules into static/dist/: app.css, app.js, icons.svg and the fonts.
//
//   node assets/build.mjs            once, minified
//   node assets/build.mjs --watch    again after each change, with source maps

import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const assets = dirname(fileURLToPath(import.meta.url));
const root = dirname(assets);
const out = join(root, "static", "dist");
const watch = process.argv.includes("--watch");

class BuildError extends Error {}

/** Return the names in assets/icons.txt, one a line; a line that starts with # is a comment. */
async function iconNames() {
  const lines = (await readFile(join(assets, "icons.txt"), "utf8")).split("\n");
  return [...new Set(lines.map((line) => line.trim()).filter((line) => line && !line.startsWith("#")))].sort();
}

/** Make one sprite of the listed icons; "bell-filled" is the filled drawing of "bell". */
async function buildSprite() {
  const folder = join(root, "node_modules", "@tabler", "icons", "icons");
  const outline = new Set(await readdir(join(folder, "outline")));
  const symbols = [];
  for (const name of await iconNames()) {
    const filled = name.endsWith("-filled") && !outline.has(`${name}.svg`);
    const file = filled ? join(folder, "filled", `${name.replace(/-filled$/, "")}.svg`) : join(folder, "outline", `${name}.svg`);
    if (!existsSync(file)) {
      const stem = name.split("-")[0];
      const near = [...outline].filter((other) => other.startsWith(stem)).slice(0, 8).map((other) => other.replace(".svg", ""));
      throw new BuildError(`assets/icons.txt: there is no icon "${name}" in @tabler/icons. Near: ${near.join(", ") || "none"}`);
    }
    const svg = await readFile(file, "utf8");
    const drawing = svg
      .slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"))
      .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" ?\/>/, "")
      .replace(/\s*\n\s*/g, "");
    const paint = filled ? ' fill="currentColor" stroke="none"' : "";
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24"${paint}>${drawing}</symbol>`);
  }
  await replace("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
}

/** Write a file in one step, so that a page never reads half of it. */
async function replace(name, content) {
  const path = join(out, name);
  await writeFile(`${path}.new`, content);
  await rename(`${path}.new`, path);
}

/** Put a gzipped copy beside each file, which the server sends to browsers that take it. */
async function compress(...names) {
  for (const name of names) await replace(`${name}.gz`, gzipSync(await readFile(join(out, name)), { level: 9 }));
}

async function main() {
  if (!existsSync(join(root, "node_modules"))) {
    throw new BuildError("the packages of package-lock.json are not installed; run `npm ci` first.");
  }
  const esbuild = await import("esbuild").catch((error) => {
    throw new BuildError(`esbuild does not start (${error.message}); run \`npm ci\` again on this machine.`);
  });
  const started = performance.now();
  if (!watch) await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });

  const options = {
    absWorkingDir: root,
    entryPoints: [
      { in: "assets/js/app.js", out: "app" },
      { in: "assets/css/app.css", out: "app" },
    ],
    outdir: out,
    assetNames: "fonts/[name]",
    loader: { ".woff2": "file" },
    bundle: true,
    format: "iife",
    target: ["chrome123", "firefox121", "safari17.5"],
    minify: !watch,
    sourcemap: watch,
    legalComments: "none",
    logLevel: "warning",
  };
  await buildSprite();
  if (watch) {
    const context = await esbuild.context({ ...options, logLevel: "info" });
    await context.watch();
    return;
  }
  await esbuild.build(options);
  await compress("app.css", "app.js", "icons.svg");
  console.log(`static/dist built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

main().catch((error) => {
  if (error instanceof BuildError) console.error(`Front-end build: ${error.message}`);
  else if (!error.errors) console.error(error);
  process.exit(1);
});
