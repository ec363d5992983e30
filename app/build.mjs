// Bundles the page into dist/: one script and one style sheet, named by their content. `node build.mjs [FOLDER]`.
// The same lock gives the same bytes on any machine; a test builds twice and compares.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = process.argv[2] ?? join(here, "dist");

const { outputFiles } = await build({
  absWorkingDir: here,
  entryPoints: ["src/main.tsx", "style.css"],
  outdir: "dist",
  bundle: true,
  minify: true,
  write: false,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
});

const named = outputFiles.map(({ path, contents }) => {
  const [stem, kind] = basename(path).split(".");
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 12);
  return { kind, name: `${stem}-${hash}.${kind}`, contents };
});
const nameOf = (kind) => named.find((file) => file.kind === kind).name;

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const page = readFileSync(join(here, "index.html"), "utf8")
  .replace("STYLE", `./${nameOf("css")}`)
  .replace("SCRIPT", `./${nameOf("js")}`);
writeFileSync(join(out, "index.html"), page);
for (const { name, contents } of named) writeFileSync(join(out, name), contents);
const packed = named.reduce((sum, { contents }) => sum + gzipSync(contents).length, 0);
console.log(`${named.map(({ name }) => name).join(", ")}: ${(packed / 1000).toFixed(1)} kB compressed`);
// what computes it is of the tools for development alone: who only builds the page has it not
const cid = await import("./cid.mjs").then(
  ({ cidOf }) => cidOf(out),
  (error) => (error.code === "ERR_MODULE_NOT_FOUND" ? null : Promise.reject(error)),
);
if (cid) console.log(`/ipfs/${cid}/`);
