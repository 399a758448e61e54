// Colours of reports, as CSS variables name them: the HTML page has both sets, a picture one.

export const palettes = {
  light: {
    paper: "#fff",
    card: "#f7f8f9",
    ink: "#15191e",
    muted: "#57606c",
    line: "#d3d8de",
    grid: "#e9ecef",
    accent: "#2457c5",
    pass: "#116b38",
    "pass-bg": "#e5f4ea",
    fail: "#b3211f",
    "fail-bg": "#fcebea",
    open: "#805000",
    "open-bg": "#fdf3dc",
  },
  dark: {
    paper: "#101317",
    card: "#181c22",
    ink: "#e8ebef",
    muted: "#9aa5b2",
    line: "#39414b",
    grid: "#262c34",
    accent: "#7fa8ff",
    pass: "#66cf90",
    "pass-bg": "#12291c",
    fail: "#ff918a",
    "fail-bg": "#341817",
    open: "#e9b949",
    "open-bg": "#2e240d",
  },
} as const;

export type Theme = keyof typeof palettes;

/** `--paper:#fff;--ink:#15191e;…` */
export function cssVariables(theme: Theme): string {
  return Object.entries(palettes[theme])
    .map(([name, colour]) => `--${name}:${colour};`)
    .join("");
}
