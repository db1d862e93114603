using Osprey.Traces.Formatting;
using Osprey.Traces.Model;

namespace Osprey.Sql.Tables;

/// <summary>
/// The tables with the arguments of samples, each with the types that its tracepoint's signature gives.
/// </summary>
/// <remarks>
/// A table is created with the first sample of its tracepoint. Tracepoints of one name and signature share a table; one
/// of the same name and another signature gets a number behind its name.
/// </remarks>
internal sealed class ArgumentTables(SqlDatabase database, TracepointTable tracepoints) : IDisposable
{
    private readonly TableWriter?[] _writers = new TableWriter?[tracepoints.Count];
    private readonly Dictionary<(string Name, string Signature), TableWriter> _shared = [];
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds the arguments of a sample.</summary>
    /// <param name="number">The sample's number.</param>
    /// <param name="sample">The sample.</param>
    public void Add(long number, in TraceEvent sample)
    {
        Tracepoint tracepoint = tracepoints[sample.Tracepoint];
        if (tracepoint.Layout is not PayloadLayout layout || layout.Fields.IsEmpty)
            return;

        TableWriter writer = _writers[sample.Tracepoint] ??= Create(tracepoint, layout);
        writer.Add(number);
        var arguments = new PayloadArguments(layout, sample.Payload);
        for (int i = 0; i < arguments.Count; i++)
            Add(writer, arguments, i);

        writer.EndRow();
    }

    /// <summary>Hands over the rows that are left.</summary>
    public void Complete()
    {
        foreach (TableWriter writer in _shared.Values)
            writer.Complete();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (TableWriter writer in _shared.Values)
            writer.Dispose();
    }

    private static void Add(TableWriter writer, in PayloadArguments arguments, int index)
    {
        switch (arguments.TypeOf(index))
        {
            case ArgumentType.Text:
                writer.AddText(arguments.GetBytes(index));
                break;
            case ArgumentType.Blob:
                writer.AddBytes(arguments.GetBytes(index));
                break;
            case ArgumentType.Char:
                writer.AddText([(byte)arguments.GetInteger(index)]);
                break;
            case ArgumentType.Boolean:
                writer.Add(arguments.GetInteger(index) != 0);
                break;
            case ArgumentType.Single or ArgumentType.Double:
                writer.Add(arguments.GetDouble(index));
                break;
            case ArgumentType.UInt64 or ArgumentType.Pointer:
                writer.Add(unchecked((ulong)arguments.GetInteger(index)));
                break;
            default:
                writer.Add(arguments.GetInteger(index));
                break;
        }
    }

    private TableWriter Create(Tracepoint tracepoint, PayloadLayout layout)
    {
        (string, string) key = (tracepoint.Name, tracepoint.Signature);
        if (_shared.TryGetValue(key, out TableWriter? writer))
            return writer;

        string table = tracepoint.Name.Length == 0 ? "unnamed" : tracepoint.Name;
        for (int number = 2; !_taken.Add(table); number++)
            table = $"{tracepoint.Name}_{number}";

        string[] names = ArgumentNames.Of(tracepoint);
        var columns = new List<string> { "sample BIGINT" };
        for (int i = 0; i < names.Length; i++)
            columns.Add($"{TraceSchema.Quote(names[i])} {TraceSchema.TypeOf(layout.Fields[i].Type)}");

        string list = string.Join(", ", columns);
        database.Execute($"CREATE TABLE {TraceSchema.Arguments}.{TraceSchema.Quote(table)} ({list});");
        writer = new TableWriter(database, TraceSchema.Arguments, table);
        _shared.Add(key, writer);
        return writer;
    }
}
