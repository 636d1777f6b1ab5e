package io.periodview.streams.view;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers that were asked for again while nothing had changed: whoever asks for them a third time finds them in memory.
 * Each stands for one version of what is shown, so none is ever stale; the longest unused go first. Thread-safe.
 */
final class KeptAnswers {

    /** Questions, most of which have no answer kept. */
    private static final int MOST_QUESTIONS = 20_000;

    private final long mostBytes;
    private final Map<Question, Kept> byQuestion = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** @param answer null after the first time it was asked */
    private record Kept(String version, @Nullable KeptAnswer answer) {

        /** Compressed, it takes a part of that again. */
        long bytes() {
            return answer == null ? 0 : answer.length();
        }
    }

    /** @param mostBytes of all answers together, uncompressed */
    KeptAnswers(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Of all answers, uncompressed. */
    synchronized long bytes() {
        return bytes;
    }

    synchronized @Nullable Answer get(Question question, String version) {
        Kept kept = byQuestion.get(question);
        return kept == null || !kept.version.equals(version) ? null : kept.answer;
    }

    /** Tells of an answer that was gathered; what it has to do with the version is the caller's. */
    void gathered(Question question, String version, GatheredAnswer answer) {
        if (isAgain(question, version)) {
            KeptAnswer copy = answer.kept();
            if (copy != null && copy.length() <= mostBytes / 8) {
                put(question, new Kept(version, copy));
            }
        }
    }

    private synchronized boolean isAgain(Question question, String version) {
        Kept kept = byQuestion.get(question);
        if (kept != null && kept.version.equals(version)) {
            return true;
        }
        put(question, new Kept(version, null));
        return false;
    }

    private synchronized void put(Question question, Kept now) {
        Kept before = byQuestion.put(question, now);
        bytes += now.bytes() - (before == null ? 0 : before.bytes());
        Iterator<Kept> oldest = byQuestion.values().iterator();
        while (bytes > mostBytes || byQuestion.size() > MOST_QUESTIONS) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }
}
