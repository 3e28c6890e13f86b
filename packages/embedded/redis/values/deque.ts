/** A list that grows and shrinks at both ends in constant time: a ring whose size is a power of two. */
export class Deque {
  #ring: string[] = new Array(8);
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  at(index: number): string | undefined {
    return index < 0 || index >= this.#length ? undefined : this.#ring[this.#place(index)];
  }

  set(index: number, value: string): void {
    this.#ring[this.#place(index)] = value;
  }

  pushRight(value: string): void {
    this.#makeRoom();
    this.#ring[this.#place(this.#length)] = value;
    this.#length++;
  }

  pushLeft(value: string): void {
    this.#makeRoom();
    this.#head = this.#place(-1);
    this.#ring[this.#head] = value;
    this.#length++;
  }

  popLeft(): string | undefined {
    if (this.#length === 0) return undefined;
    const value = this.#take(this.#head);
    this.#head = this.#place(1);
    this.#length--;
    this.#giveBackRoom();
    return value;
  }

  popRight(): string | undefined {
    if (this.#length === 0) return undefined;
    this.#length--;
    const value = this.#take(this.#place(this.#length));
    this.#giveBackRoom();
    return value;
  }

  /** From start up to, not including, end. */
  slice(start: number, end: number): string[] {
    const values: string[] = [];
    for (let index = start; index < end; index++) values.push(this.#ring[this.#place(index)]!);
    return values;
  }

  replaceAll(values: readonly string[]): void {
    let size = 8;
    while (size <= values.length) size *= 2;
    this.#ring = new Array(size);
    for (const [index, value] of values.entries()) this.#ring[index] = value;
    this.#head = 0;
    this.#length = values.length;
  }

  #place(index: number): number {
    return (this.#head + index) & (this.#ring.length - 1);
  }

  #take(place: number): string {
    const value = this.#ring[place]!;
    this.#ring[place] = ''; // or the ring would keep the value alive
    return value;
  }

  #giveBackRoom(): void {
    if (this.#ring.length > 1024 && this.#length < this.#ring.length / 8) {
      this.replaceAll(this.slice(0, this.#length));
    }
  }

  #makeRoom(): void {
    if (this.#length < this.#ring.length) return;
    const values = this.slice(0, this.#length);
    this.#ring = values;
    this.#ring.length = values.length * 2;
    this.#head = 0;
  }
}
