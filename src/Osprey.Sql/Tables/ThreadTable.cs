using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Osprey.Traces.Model;

namespace Osprey.Sql.Tables;

/// <summary>The threads of a trace with what was recorded on each; as large as there are threads.</summary>
internal sealed class ThreadTable
{
    private readonly Dictionary<ulong, Row> _rows = [];

    /// <summary>Counts a sample.</summary>
    public void Add(in TraceEvent sample)
    {
        ref Row row = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, sample.Thread, out bool isKnown);
        if (!isKnown)
            row.First = sample.Time;

        row.Name = BinaryPrimitives.ReadUInt128LittleEndian(sample.ThreadNameField);
        row.Count++;
        row.Last = sample.Time;
    }

    /// <summary>Writes the rows.</summary>
    public void Write(SqlDatabase database)
    {
        using var writer = new TableWriter(database, null, "threads");
        Span<byte> name = stackalloc byte[16];
        foreach ((ulong thread, Row row) in _rows.OrderBy(item => item.Key))
        {
            BinaryPrimitives.WriteUInt128LittleEndian(name, row.Name);
            writer.Add(thread).AddText(name.TrimEnd((byte)0)).Add(row.Count);
            writer.Add(TraceTables.Signed(row.First)).Add(TraceTables.Signed(row.Last)).EndRow();
        }

        writer.Complete();
    }

    private struct Row
    {
        public UInt128 Name;
        public long Count;
        public ulong First;
        public ulong Last;
    }
}
