/**
 * What the target remembers of the contents of large files: the hashes of their leaves, so that a
 * delta is asked for without reading what is there.
 *
 * <p>Start at {@link io.driftless.target.signature.SignatureBook}. A {@code SignatureDraft} is
 * noted while a new version comes; after the pass, if the file is still as it was put in its place,
 * it becomes a {@code Signature}. Nothing here changes a volume. This package knows files and
 * hashes; it does not know messages.
 */
@NullMarked
package io.driftless.target.signature;

import org.jspecify.annotations.NullMarked;
