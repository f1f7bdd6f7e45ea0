// Lays out the four faces that official documents need (PDF is set by typst, which cannot read web fonts).
// They are linked, not copied, where the file system allows it.
import { copyFileSync, linkSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules", "@expo-google-fonts");
const target = join(here, "fonts");
const faces = [
  ["noto-serif-sc", "400Regular", "NotoSerifSC_400Regular.ttf"],
  ["noto-serif-sc", "700Bold", "NotoSerifSC_700Bold.ttf"],
  ["noto-sans-sc", "400Regular", "NotoSansSC_400Regular.ttf"],
  ["noto-sans-sc", "700Bold", "NotoSansSC_700Bold.ttf"],
];

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const [pack, folder, file] of faces) {
  const source = join(modules, pack, folder, file);
  const place = join(target, file);
  try {
    linkSync(source, place);
  } catch {
    copyFileSync(source, place);
  }
}
