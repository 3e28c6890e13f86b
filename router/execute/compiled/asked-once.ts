/** What one `_entities` is asked for: each representation once, by its number. */

export class AskedOnce {
  private readonly texts: string[] = [];
  private readonly byText = new Map<string, number>();
  private readonly byKey = new Map<string, Map<string, number>>();

  get count(): number {
    return this.texts.length;
  }

  /** Wire text of them all, with commas between. */
  text(): string {
    return this.count === 0 ? '' : `{${this.texts.join('},{')}}`;
  }

  add(text: string): number {
    return this.numberOf(this.byText, text, text);
  }

  /** One that ends in its key. The key alone is looked up: a short text that is there already. */
  addKeyed(opening: string, key: string): number {
    let numbers = this.byKey.get(opening);
    if (numbers === undefined) {
      numbers = new Map();
      this.byKey.set(opening, numbers);
    }
    return this.numberOf(numbers, key, opening + key);
  }

  private numberOf(numbers: Map<string, number>, key: string, text: string): number {
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, this.count);
    return this.texts.push(text) - 1;
  }
}
