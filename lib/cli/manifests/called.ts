/** What messages call a file: `-` is how an argument says standard input, and no name of anything. */
export function called(file: string): string {
  return file === '-' ? 'standard input' : file;
}
