using Osprey.Session.Answers;
using Osprey.Session.Traces.Names;
using Osprey.Symbols.Dumps;
using Osprey.Symbols.Sources;
using Osprey.Traces.Analyses;
using Osprey.Traces.Formats.Osvt;
using Osprey.Traces.Formats.Tracefile;
using Osprey.Traces.Model;

namespace Osprey.Session.Traces.Changes;

/// <summary>Turns any trace into a tracefile; the same trace always gives the same bytes.</summary>
/// <remarks>
/// A tracefile begins with the tracepoints that occur, which only the last sample tells. So samples are put into a
/// nameless file beside the output first: one pass over the input, memory that does not grow with it, room for the
/// output twice while it runs. The output takes its place only when it is complete.
/// </remarks>
public static class TraceConversion
{
    private const int CopyBuffer = 1 << 20;

    /// <summary>Converts what can be read of a trace; the reader's statistics then tell what could not.</summary>
    /// <param name="trace">Open, nothing read of it yet.</param>
    /// <param name="output">The tracefile to write or replace.</param>
    /// <param name="symbolsPath">
    /// A symbols file to write with the names that a dump brings for its backtraces; null for none.
    /// </param>
    /// <param name="context">
    /// Told the bytes read so far, now and then; when its cancellation ends it, an old output stays as it was. Null for
    /// none.
    /// </param>
    /// <exception cref="IOException">The output cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The output cannot be written.</exception>
    public static ConversionResult Run(
        TraceSession trace,
        string output,
        string? symbolsPath = null,
        QuestionContext? context = null
    )
    {
        RequireFile(output);
        using FileStream spool = CreateSpool(output);
        var samples = new SampleSpool(
            spool,
            trace.Reader.Tracepoints,
            hasAddresses: symbolsPath is not null && trace.Reader is OsvtReader
        );
        trace.Run([samples], context);

        long size = 0;
        ReplaceFile(
            output,
            file =>
            {
                _ = new TracefileWriter(file, samples.Occurring);
                spool.Position = 0;
                spool.CopyTo(file, CopyBuffer);
                size = file.Length;
            }
        );
        ConvertedSymbols? symbols =
            symbolsPath is not null && trace.Reader is OsvtReader dump
                ? WriteSymbols(dump, samples.Addresses, symbolsPath)
                : null;
        return new ConversionResult(output, trace.Reader.Stats.Samples, samples.Occurring.Count(), size, symbols);
    }

    /// <returns>Null when the dump brings no symbols.</returns>
    private static ConvertedSymbols? WriteSymbols(OsvtReader dump, IReadOnlyCollection<ulong> addresses, string path)
    {
        OsvtSymbolTables tables = dump.ReadSymbols();
        if (tables.Symbols.Count == 0 && tables.Modules.Count == 0)
            return null;

        DumpSymbolSource source = DumpNames.CreateBare(tables);
        int named = 0;
        ReplaceFile(
            path,
            file =>
            {
                using var buffered = new BufferedStream(file, 1 << 16);
                named = new SymbolsFileWriter(buffered).Write(source, addresses);
            }
        );
        return new ConvertedSymbols(path, addresses.Count, named);
    }

    /// <summary>Refuses what a rename would harm, before anything is read.</summary>
    private static void RequireFile(string path)
    {
        string whole = Path.GetFullPath(path);
        if (Directory.Exists(whole) || Path.EndsInDirectorySeparator(path))
            throw new IOException($"cannot write {path}: it is a folder");

        OutputPlace.RequireFolder(whole, $"cannot write {path}");
        OutputPlace.RequireReplaceable(
            FilePlace.Resolve(path),
            $"cannot write {path}",
            ", and a tracefile goes to a file"
        );
    }

    private static FileStream CreateSpool(string output)
    {
        string path = TemporaryPath(output, "samples");
        var spool = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                BufferSize = CopyBuffer,
                Options = FileOptions.DeleteOnClose,
            }
        );
        // Without its name it goes away with us, however we end.
        File.Delete(path);
        return spool;
    }

    private static void ReplaceFile(string path, Action<FileStream> write)
    {
        // The file behind a link is replaced, not the link.
        string whole =
            (File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null) ?? path;
        string temporary = TemporaryPath(whole, "partial");
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
                write(file);

            File.Move(temporary, whole, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static string TemporaryPath(string path, string kind) => $"{path}.{Environment.ProcessId}.{kind}";

    /// <summary>Puts samples by, and notes the tracepoints and addresses that occur.</summary>
    private sealed class SampleSpool(Stream spool, TracepointTable tracepoints, bool hasAddresses) : TraceAnalysis
    {
        /// <summary>No guest has so much code; beyond this addresses stay without names.</summary>
        private const int MaxAddresses = 1 << 20;

        private readonly bool[] _occurs = new bool[tracepoints.Count];
        private readonly HashSet<ulong> _addresses = [];
        private readonly TracefileSampleWriter _samples = new(spool);

        public IEnumerable<Tracepoint> Occurring => tracepoints.All.Where(tracepoint => _occurs[tracepoint.Index]);

        /// <summary>The places of calls: one byte before each return address.</summary>
        public IReadOnlyCollection<ulong> Addresses => _addresses;

        public override void Add(in TraceEvent sample)
        {
            _samples.Write(sample);
            _occurs[sample.Tracepoint] = true;
            if (!hasAddresses || _addresses.Count >= MaxAddresses)
                return;

            foreach (ulong address in sample.Backtrace)
                _addresses.Add(address - 1); // never 0: a zero ends the backtrace
        }

        public override void Finish() => _samples.Flush();
    }
}
