/**
 * What stands before an item of an ordered list: answers quote "step 3".
 *
 * @param format "a" and "A" count in letters; everything else, Roman numbers too, is said in digits
 */
export function listLabel(number: number, format: string): string {
  const isLetter = /^a$/i.test(format) && number >= 1 && number <= 26;
  return `${isLetter ? String.fromCharCode(format.charCodeAt(0) + number - 1) : number}. `;
}
