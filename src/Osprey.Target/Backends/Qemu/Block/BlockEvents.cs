using System.Text.Json;

namespace Osprey.Target.Backends.Qemu.Block;

// The names are those of QEMU's BlkdebugEvent (qapi/block-core.json); block/qcow2*.c, block/io.c and block/raw-format.c
// raise them.

/// <summary>The events of blkdebug that are known, with a sentence each.</summary>
public static class BlockEvents
{
    private const string Data = "guest data";
    private const string Cow = "copy on write";
    private const string L1 = "L1 table";
    private const string L2 = "L2 tables";
    private const string Refcounts = "reference counts";
    private const string Clusters = "clusters";
    private const string Flush = "flush";
    private const string Unaligned = "unaligned writes";
    private const string Image = "image file";

    private const int MaxEvents = 1000;

    /// <summary>All that are known, by the part of the driver's work.</summary>
    public static IReadOnlyList<BlockEvent> Known { get; } =
    [
        new("read_aio", Data, "The format driver is about to read data of the guest from the image file."),
        new("read_backing_aio", Data, "Data that the image does not have is about to be read from its backing file."),
        new("read_compressed", Data, "A compressed cluster is about to be read from the image file."),
        new("write_aio", Data, "The format driver is about to write data of the guest to its place in the image."),
        new("write_compressed", Data, "A compressed cluster is about to be written to the image file."),
        new(
            "cluster_alloc_space",
            Data,
            "A new cluster is about to be zeroed at once, as only a part of it is written."
        ),
        new("cow_read", Cow, "The parts of a cluster that a write leaves alone are about to be read, to be copied."),
        new("cow_write", Cow, "The parts that were read are about to be written into the new cluster."),
        new(
            "cor_write",
            Cow,
            "Data that was read from a backing file is about to be kept in the image (copy on read)."
        ),
        new("l1_update", L1, "An entry of the L1 table is about to be written, as an L2 table has a new place."),
        new("l1_grow_alloc_table", L1, "The L1 table is too small, and room for a larger one is about to be found."),
        new("l1_grow_write_table", L1, "The larger L1 table is about to be written."),
        new("l1_grow_activate_table", L1, "The header is about to name the larger L1 table in place of the old one."),
        new("l1_shrink_write_table", L1, "The image gets smaller, and the end of its L1 table is about to be cleared."),
        new(
            "l1_shrink_free_l2_clusters",
            L1,
            "The image got smaller, and the L2 tables of its end are about to be freed."
        ),
        new("l2_load", L2, "An L2 table is about to be read into the cache."),
        new("l2_update", L2, "A changed L2 table is about to be written from the cache."),
        new("l2_update_compressed", L2, "An L2 entry is about to get the place of a compressed cluster."),
        new("l2_alloc_cow_read", L2, "A new L2 table is needed, and the one that it copies is about to be read."),
        new("l2_alloc_write", L2, "A new L2 table is about to be written, before the L1 table names it."),
        new("reftable_load", Refcounts, "The table of reference counts is about to be read, as the image is opened."),
        new("reftable_grow", Refcounts, "The table of reference counts is too small and is about to be made larger."),
        new("reftable_update", Refcounts, "An entry of the table of reference counts is about to be written."),
        new("refblock_load", Refcounts, "A block of reference counts is about to be read into the cache."),
        new("refblock_update", Refcounts, "A changed block of reference counts is about to be written from the cache."),
        new("refblock_update_part", Refcounts, "A part of a block of reference counts is about to be written."),
        new("refblock_alloc", Refcounts, "A new block of reference counts is needed and is about to be allocated."),
        new("refblock_alloc_write", Refcounts, "A new block of reference counts is about to be written."),
        new("refblock_alloc_hookup", Refcounts, "The table is about to name a new block of reference counts."),
        new(
            "refblock_alloc_write_blocks",
            Refcounts,
            "The table grows, and the blocks that count its own clusters are about to be written."
        ),
        new("refblock_alloc_write_table", Refcounts, "The table grows, and the larger one is about to be written."),
        new("refblock_alloc_switch_table", Refcounts, "The header is about to name the larger table."),
        new("cluster_alloc", Clusters, "Clusters are about to be allocated: for data, tables or anything else."),
        new("cluster_alloc_bytes", Clusters, "A few bytes are about to be allocated, for a compressed cluster."),
        new("cluster_free", Clusters, "Clusters are about to be given back."),
        new("flush_to_os", Flush, "A flush begins: what the driver holds in its caches is about to be written."),
        new("flush_to_disk", Flush, "The image file is about to be flushed to the disk."),
        new(
            "pwritev_rmw_head",
            Unaligned,
            "A write does not begin at a block: the block of its start is about to be read."
        ),
        new("pwritev_rmw_after_head", Unaligned, "The block at the start of such a write was read."),
        new(
            "pwritev_rmw_tail",
            Unaligned,
            "A write does not end with a block: the block of its end is about to be read."
        ),
        new("pwritev_rmw_after_tail", Unaligned, "The block at the end of such a write was read."),
        new("pwritev", Image, "Data is about to be written into the image file, of the guest or of the format."),
        new("pwritev_zero", Image, "Zeroes are about to be written into the image file without data."),
        new("pwritev_done", Image, "A write into the image file has been done."),
        new("empty_image_prepare", Image, "An image without content is about to be made anew (qemu-img commit)."),
        new("vmstate_load", Image, "The state of a virtual machine is about to be read from a snapshot."),
        new("vmstate_save", Image, "The state of a virtual machine is about to be written into a snapshot."),
        new("none", Image, "No event: an error of this kind fits every request, from the start."),
    ];

    /// <summary>Finds an event by QEMU's name; one that is not known has no meaning.</summary>
    public static BlockEvent Get(string name) =>
        Known.FirstOrDefault(known => known.Name == name) ?? new BlockEvent(name, "", "");

    /// <summary>
    /// Reads the names of a QEMU's own events out of its answer to query-qmp-schema; empty when it has none.
    /// </summary>
    internal static IReadOnlyList<string> ParseSchema(JsonElement schema)
    {
        // Types have numbers for names there: the enumeration is known by a value that no other one has.
        foreach (JsonElement type in BlockJson.Items(schema))
        {
            if (BlockJson.Text(type, "meta-type") != "enum")
                continue;

            string[] values =
            [
                .. BlockJson
                    .Items(BlockJson.Member(type, "values"))
                    .Take(MaxEvents)
                    .Select(BlockJson.Text)
                    .OfType<string>(),
            ];
            if (values.Contains("cluster_alloc_bytes"))
                return values;
        }

        return [];
    }
}
