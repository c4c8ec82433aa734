/**
 * Told of what is worth a person's attention.
 * @param isAnew it may happen again, and is told each time: something is lost, or fails that did well
 */
export type OnNotice = (text: string, isAnew?: boolean) => void;
