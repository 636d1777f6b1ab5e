package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.Context;
import io.periodview.api.routing.ResponseProof;
import io.periodview.api.routing.ViewHeaders;
import io.periodview.streams.response.ResponseBody;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Objects;

/**
 * Proves answers, errors included, to the instance that has forwarded the request. It is the last that happens to the head
 * of an answer. Nothing is added for clients, who can check nothing.
 */
final class AnswerProof {

    private static final String ATTRIBUTE = "period-view.proof";

    private AnswerProof() {}

    /** The answer to this request is to be proven. */
    static void expect(Context ctx, ResponseProof proof) {
        ctx.attribute(ATTRIBUTE, proof);
    }

    static void add(Context ctx, String body) {
        if (!isExpected(ctx)) {
            return;
        }
        MessageDigest sha256 = ResponseProof.sha256();
        if (hasBody(ctx)) {
            sha256.update(body.getBytes(UTF_8));
        }
        add(ctx, sha256);
    }

    static void addWithoutBody(Context ctx) {
        if (isExpected(ctx)) {
            add(ctx, ResponseProof.sha256());
        }
    }

    /** Reads the body once more than it is sent. */
    static void add(Context ctx, ResponseBody body) throws IOException {
        if (!isExpected(ctx)) {
            return;
        }
        MessageDigest sha256 = ResponseProof.sha256();
        if (hasBody(ctx)) {
            body.writeTo(new DigestOutputStream(OutputStream.nullOutputStream(), sha256));
        }
        add(ctx, sha256);
    }

    private static boolean isExpected(Context ctx) {
        return ctx.attribute(ATTRIBUTE) != null;
    }

    private static boolean hasBody(Context ctx) {
        return !ctx.req().getMethod().equals("HEAD");
    }

    private static void add(Context ctx, MessageDigest sha256) {
        ResponseProof proof = Objects.requireNonNull(ctx.attribute(ATTRIBUTE));
        HttpServletResponse response = ctx.res();
        String body = ResponseProof.hex(sha256);
        response.setHeader(ViewHeaders.BODY_SHA256, body);
        response.setHeader(ViewHeaders.PROOF, proof.of(response.getStatus(), response::getHeader, body));
    }
}
