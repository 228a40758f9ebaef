/** The last pictures sent, by number, until their results come. Holds few; what is overtaken is closed. */
export class KeptPictures {
  readonly #kept = new Map<number, ImageBitmap>();

  constructor(private readonly capacity = 8) {}

  add(sequence: number, bitmap: ImageBitmap): void {
    this.#kept.set(sequence, bitmap);
    for (const [oldest, old] of this.#kept) {
      if (this.#kept.size <= this.capacity) break;
      this.#kept.delete(oldest);
      old.close();
    }
  }

  /** A copy of a picture, the caller's to close; undefined when it is gone. */
  async copy(sequence: number): Promise<ImageBitmap | undefined> {
    const bitmap = this.#kept.get(sequence);
    return bitmap === undefined ? undefined : createImageBitmap(bitmap);
  }

  /** Results come in order: pictures before this one are not asked for again. */
  before(sequence: number): void {
    for (const [other, bitmap] of this.#kept) {
      if (other >= sequence) break;
      this.#kept.delete(other);
      bitmap.close();
    }
  }

  clear(): void {
    for (const bitmap of this.#kept.values()) bitmap.close();
    this.#kept.clear();
  }
}
