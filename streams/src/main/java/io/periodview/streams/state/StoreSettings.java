package io.periodview.streams.state;

import java.util.Map;
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
public final class StoreSettings implements RocksDBConfigSetter {

    /** Blocks, their indexes and filters, and the write buffers, together. */
    private static final long MEMORY = 256L << 20;

    private static final long WRITE_BUFFERS = 96L << 20;

    /** Of each partition, of which an instance has a dozen or so: rows of some 800 bytes, 10,000 a flush. */
    private static final long WRITE_BUFFER = 8L << 20;

    /** One false positive in a hundred: an action that is new costs no read of a block. */
    private static final double FILTER_BITS_PER_KEY = 10;

    /** A period is read in order; larger blocks compress better and need fewer index entries. */
    private static final long BLOCK_BYTES = 16L << 10;

    static {
        RocksDB.loadLibrary();
    }

    private static final Cache CACHE = new LRUCache(MEMORY);
    private static final WriteBufferManager BUFFERS = new WriteBufferManager(WRITE_BUFFERS, CACHE);
    private static final BloomFilter FILTER = new BloomFilter(FILTER_BITS_PER_KEY);

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(CACHE);
        table.setCacheIndexAndFilterBlocks(true);
        table.setPinTopLevelIndexAndFilter(true);
        table.setFilterPolicy(FILTER);
        table.setBlockSize(BLOCK_BYTES);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(BUFFERS);
        options.setWriteBufferSize(WRITE_BUFFER);
        options.setCompressionType(CompressionType.LZ4_COMPRESSION); // JSON: a third of the size
    }

    @Override
    public void close(String storeName, Options options) {
        // Everything set above is shared with the other partitions.
    }
}
