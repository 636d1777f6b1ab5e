package io.periodview.topics;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;

/** A strict check: Jackson takes some malformed sequences, and what we serve must be UTF-8 throughout. */
final class Utf8 {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long NOT_ASCII = 0x8080808080808080L;

    private Utf8() {}

    /** Where the first sequence begins that is none, or -1 if there is none. */
    static int firstInvalid(byte[] text) {
        int ascii = 0;
        while (ascii + Long.BYTES <= text.length && ((long) LONG.get(text, ascii) & NOT_ASCII) == 0) {
            ascii += Long.BYTES;
        }
        while (ascii < text.length && text[ascii] >= 0) {
            ascii++;
        }
        if (ascii == text.length) {
            return -1;
        }
        ByteBuffer rest = ByteBuffer.wrap(text, ascii, text.length - ascii);
        try {
            UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(rest);
            return -1;
        } catch (CharacterCodingException e) {
            return rest.position();
        }
    }
}
