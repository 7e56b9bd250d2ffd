/** Delimiters that other programs write. */
export const delimiters = [',', ';', '\t', '|', '\x1f', '\x01', '^', '~']
