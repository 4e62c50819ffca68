/**
 * The typeface of documents: Noto Sans, which has the letters of Latin, Greek and Cyrillic with all
 * their marks. What is used of it is put into each document, so it looks the same on every machine.
 */
import { createRequire } from "node:module";
import type { Font } from "fontkit";

export interface Fonts {
  readonly regular: Font;
  readonly bold: Font;
}

const FOLDER = "@expo-google-fonts/noto-sans";

let loading: Promise<Fonts> | undefined;

/**
 * Read once, from where npm put it, beside the sources as well as beside a bundle. Reading a typeface
 * takes longer than printing a document, and the program waits meanwhile.
 */
export function loadFonts(): Promise<Fonts> {
  loading ??= readFonts().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function readFonts(): Promise<Fonts> {
  const { openSync } = await import("fontkit");
  const { resolve } = createRequire(import.meta.url);
  const read = (file: string) => openSync(resolve(`${FOLDER}/${file}`)) as Font;
  return {
    regular: read("400Regular/NotoSans_400Regular.ttf"),
    bold: read("600SemiBold/NotoSans_600SemiBold.ttf"),
  };
}
