import picocolors from "picocolors";

type Painter = (text: string) => string;

export interface Paint {
  bold: Painter;
  dim: Painter;
  red: Painter;
  green: Painter;
  yellow: Painter;
}

/** Colours when they are wanted; otherwise texts stay as they are. */
export function paintWith(colour: boolean): Paint {
  const { bold, dim, red, green, yellow } = picocolors.createColors(colour);
  return { bold, dim, red, green, yellow };
}
