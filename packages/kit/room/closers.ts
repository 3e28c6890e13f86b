/** Things that are opened one after the other, and closed in the opposite order. */

/** Told of each thing as soon as it is open. */
export type OnClose = (close: () => Promise<unknown>) => void;

/** Should opening fail half-way, what was open by then is closed again. */
export async function openTogether<Opened extends object>(
  open: (onClose: OnClose) => Promise<Opened>,
): Promise<Opened & { close(): Promise<void> }> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    const faults: unknown[] = [];
    for (const closer of closers.splice(0).reverse()) {
      // One that cannot be closed must not keep the others open.
      await closer().catch((fault: unknown) => faults.push(fault));
    }
    if (faults.length > 0) throw faults[0];
  };
  try {
    return { ...(await open((closer) => closers.push(closer))), close };
  } catch (error) {
    // The first fault is the one to tell; a second one on the way out would only hide it.
    await close().catch(() => {});
    throw error;
  }
}
