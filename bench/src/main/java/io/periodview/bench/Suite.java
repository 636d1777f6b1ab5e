package io.periodview.bench;

/** One question and how it is answered: every contender in turn, several rounds, in one run. */
public interface Suite {

    /** What it is called on the command line. */
    String name();

    /** For the headline of its table. */
    String question();

    /**
     * Measures. What is found before a failure is kept.
     *
     * @throws Exception if a contender fails, which ends the suite, not the run
     */
    void measure(BenchEnvironment environment, Results results) throws Exception;
}
