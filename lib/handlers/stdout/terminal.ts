/** Standard output as a screen; what it says of its size is asked for each time, since a terminal can be resized. */
export interface Terminal {
  readonly isTTY: boolean;
  /** Width in characters; undefined = lines may have any length. */
  readonly columns?: number | undefined;
  /** Height in lines. */
  readonly rows?: number | undefined;
  readonly color: boolean;
  /** Where what is read may go on for long, and the screen can be redrawn in place. */
  readonly live?: LiveTerminal | undefined;
  /** Where it may go on for long, and the screen cannot be redrawn: someone waits all the same. */
  readonly isWatched?: boolean | undefined;
}

export interface LiveTerminal {
  /** Told as the screen is taken for the live view, and given back: meanwhile nothing else may be written to it. */
  onScreen(isTaken: boolean): void;
  /** The reader has seen enough. */
  quit(): void;
}
