package io.periodview.streams.store;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * RocksDB for the view: one cache and one budget of write buffers for all partitions of this process, so that memory
 * does not grow with their number. The native objects live as long as the process.
 */
public final class RocksDbConfig implements RocksDBConfigSetter {

    /** In the configuration of Kafka Streams: bytes for blocks, their indexes and filters, and write buffers, together. */
    public static final String MEMORY = "period.view.store.memory";

    public static final long DEFAULT_MEMORY = 256L << 20;

    /** With less, the indexes alone push each other out, and write buffers are flushed as files of some kilobytes. */
    public static final long MIN_MEMORY = 32L << 20;

    /** Of each partition, of which an instance has a dozen or so: rows of some 800 bytes, 10,000 a flush. */
    private static final long WRITE_BUFFER = 8L << 20;

    /** One false positive in a hundred: an action that is new costs no read of a block. */
    private static final double FILTER_BITS_PER_KEY = 10;

    /** A period is read in order; larger blocks compress better and need fewer index entries. */
    private static final long BLOCK_BYTES = 16L << 10;

    static {
        RocksDB.loadLibrary();
    }

    /** By their bytes; a process has one, except in tests. */
    private static final ConcurrentMap<Long, Shared> SHARED = new ConcurrentHashMap<>();

    private static final BloomFilter FILTER = new BloomFilter(FILTER_BITS_PER_KEY);

    /** What all stores of this process have together. */
    private record Shared(Cache cache, WriteBufferManager buffers) {

        static Shared of(long memory) {
            Cache cache = new LRUCache(memory);
            return new Shared(cache, new WriteBufferManager(memory * 3 / 8, cache));
        }
    }

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        long memory = ((Number) configs.getOrDefault(MEMORY, DEFAULT_MEMORY)).longValue();
        Shared shared = Objects.requireNonNull(SHARED.computeIfAbsent(memory, Shared::of));
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(shared.cache());
        table.setCacheIndexAndFilterBlocks(true);
        table.setPinTopLevelIndexAndFilter(true);
        table.setFilterPolicy(FILTER);
        table.setBlockSize(BLOCK_BYTES);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(shared.buffers());
        options.setWriteBufferSize(Math.min(WRITE_BUFFER, memory / 32));
        options.setCompressionType(CompressionType.LZ4_COMPRESSION); // JSON: a third of the size
    }

    @Override
    public void close(String storeName, Options options) {
        // Everything set above is shared with the other partitions.
    }
}
