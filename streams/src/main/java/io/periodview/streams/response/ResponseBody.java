package io.periodview.streams.response;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/** JSON in UTF-8, complete before the first byte of it is sent. The caller closes it. */
public interface ResponseBody extends Closeable {

    /** Bytes. */
    long length();

    /** How many actions or periods are in it. */
    long rows();

    /** Copies all of it to the stream; can be called again. */
    void writeTo(OutputStream out) throws IOException;

    /** It compressed, to be closed as well. */
    ResponseBody gzipped() throws IOException;
}
