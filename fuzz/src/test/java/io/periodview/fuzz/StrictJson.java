package io.periodview.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * JSON by the letter of RFC 8259, without a library: the model that what reads JSON is compared with. Objects are maps in
 * their order, arrays lists, strings strings. Half of a surrogate pair may be in a string, but not in a name, as nobody
 * could ask for it. One thread at a time.
 */
public final class StrictJson {

    /** As it is written. */
    public record Num(String text) {}

    /** What is not null, true or false in Java. */
    public enum Literal {
        NULL,
        TRUE,
        FALSE
    }

    /** Levels of objects and arrays in each other. */
    public static final int MAX_DEPTH = 1_000;

    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");

    private final String json;
    private final int uniqueTo;
    private final int maxDepth;
    private int at;

    private StrictJson(String json, int uniqueTo, int maxDepth) {
        this.json = json;
        this.uniqueTo = uniqueTo;
        this.maxDepth = maxDepth;
    }

    private static final class NoJson extends RuntimeException {
        NoJson() {
            super(null, null, false, false);
        }
    }

    /** The value that these bytes are; null if they are not UTF-8, not one value, too deep, or have a name twice in an object. */
    public static @Nullable Object parse(byte[] json) {
        return parse(json, MAX_DEPTH, MAX_DEPTH);
    }

    /** @param uniqueTo the depth down to which a name must not be twice in an object */
    public static @Nullable Object parse(byte[] json, int uniqueTo, int maxDepth) {
        String text = text(json);
        if (text == null) {
            return null;
        }
        try {
            StrictJson parser = new StrictJson(text, uniqueTo, maxDepth);
            Object value = parser.value(0);
            parser.blanks();
            return parser.at == text.length() ? value : null;
        } catch (NoJson e) {
            return null;
        }
    }

    /** Null if it is not UTF-8. */
    public static @Nullable String text(byte[] bytes) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private Object value(int depth) {
        blanks();
        char c = peek();
        return switch (c) {
            case '{' -> object(depth + 1);
            case '[' -> array(depth + 1);
            case '"' -> string();
            case 'n' -> literal("null", Literal.NULL);
            case 't' -> literal("true", Literal.TRUE);
            case 'f' -> literal("false", Literal.FALSE);
            default -> number();
        };
    }

    private Map<String, Object> object(int depth) {
        Map<String, Object> members = new LinkedHashMap<>();
        if (enter(depth, '}')) {
            return members;
        }
        do {
            blanks();
            String name = string();
            if (!name.equals(new String(name.getBytes(UTF_8), UTF_8))) {
                throw new NoJson(); // no name in UTF-8
            }
            blanks();
            expect(':');
            Object value = value(depth);
            if (members.put(name, value) != null && depth <= uniqueTo) {
                throw new NoJson();
            }
        } while (another('}'));
        return members;
    }

    private List<Object> array(int depth) {
        List<Object> elements = new ArrayList<>();
        if (enter(depth, ']')) {
            return elements;
        }
        do {
            elements.add(value(depth));
        } while (another(']'));
        return elements;
    }

    /** Whether it ends at once. */
    private boolean enter(int depth, char end) {
        if (depth > maxDepth) {
            throw new NoJson();
        }
        at++;
        blanks();
        if (peek() != end) {
            return false;
        }
        at++;
        return true;
    }

    private boolean another(char end) {
        blanks();
        char c = peek();
        at++;
        if (c != ',' && c != end) {
            throw new NoJson();
        }
        return c == ',';
    }

    private String string() {
        expect('"');
        StringBuilder text = new StringBuilder();
        while (peek() != '"') {
            char c = json.charAt(at++);
            if (c < ' ') {
                throw new NoJson();
            }
            text.append(c == '\\' ? escape() : c);
        }
        at++;
        return text.toString();
    }

    private char escape() {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = peek() < 128 ? Character.digit(peek(), 16) : -1;
                    if (digit < 0) {
                        throw new NoJson();
                    }
                    code = code << 4 | digit;
                    at++;
                }
                yield (char) code;
            }
            default -> throw new NoJson();
        };
    }

    private Num number() {
        Matcher number = NUMBER.matcher(json).region(at, json.length());
        if (!number.lookingAt()) {
            throw new NoJson();
        }
        at = number.end();
        return new Num(number.group());
    }

    private Literal literal(String text, Literal literal) {
        if (!json.startsWith(text, at)) {
            throw new NoJson();
        }
        at += text.length();
        return literal;
    }

    private void blanks() {
        while (at < json.length() && " \t\r\n".indexOf(json.charAt(at)) >= 0) {
            at++;
        }
    }

    private void expect(char c) {
        if (peek() != c) {
            throw new NoJson();
        }
        at++;
    }

    private char peek() {
        if (at == json.length()) {
            throw new NoJson();
        }
        return json.charAt(at);
    }
}
