// The files that pictures are drawn with: resvg itself, and one font (Inter, SIL Open Font License) in parts by script.

const scripts = ["latin", "latin-ext", "cyrillic", "cyrillic-ext", "greek", "vietnamese"] as const;

/** Their names in `dist/pictures`, where the build puts them, and their places among the packages. */
export const pictureFiles = [
  { name: "resvg.wasm", from: "@resvg/resvg-wasm/index_bg.wasm" },
  ...scripts.map((script) => ({
    name: `inter-${script}.woff2`,
    from: `@fontsource/inter/files/inter-${script}-400-normal.woff2`,
  })),
];
