// Unpacks the Chromium that comes by npm, with the libraries it needs, into .cache/chromium of the repository.
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(here, "../../.cache/chromium");
const scratch = join(target, "unpack");
rmSync(target, { recursive: true, force: true });
mkdirSync(scratch, { recursive: true });
process.env.TMPDIR = scratch;
if (tmpdir() !== scratch) throw new Error("cannot choose the folder to unpack into");

const { default: chromium, inflate } = await import("@sparticuz/chromium");
const program = await chromium.executablePath();
cpSync(program, join(target, "chromium"));
const libraries = await inflate(join(here, "node_modules/@sparticuz/chromium/bin/al2023.tar.br"));
cpSync(libraries, join(target, "libraries"), { recursive: true });
rmSync(scratch, { recursive: true, force: true });
