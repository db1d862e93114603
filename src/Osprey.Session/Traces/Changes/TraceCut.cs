using Osprey.Session.Answers;
using Osprey.Session.Traces.Names;
using Osprey.Symbols;
using Osprey.Symbols.Sources;
using Osprey.Traces.Analyses.Cutting;
using Osprey.Traces.Formats.Osvt;
using Osprey.Traces.Formats.Tracefile;

namespace Osprey.Session.Traces.Changes;

/// <summary>Writes a part of a trace as a smaller tracefile.</summary>
/// <remarks>
/// A tracefile begins with the dictionary of what occurs in it, which is known at the end only. So the samples go to a
/// file without a name first; the input is read once, and a pipe will do.
/// </remarks>
public static class TraceCut
{
    private const string SymbolsSuffix = ".symbols";

    /// <summary>Writes the output and, unless it goes to a pipe, its symbols file.</summary>
    /// <param name="trace">Not read from yet.</param>
    /// <param name="request">What is kept and where it goes.</param>
    /// <param name="standardOutput">Opens standard output, when the cut goes there.</param>
    /// <param name="context">Told the bytes read so far, now and then; null for none.</param>
    /// <exception cref="IOException">
    /// The output is an input or can't be written, or a file with symbols can't be read.
    /// </exception>
    public static CutResult Run(
        TraceSession trace,
        CutRequest request,
        Func<Stream> standardOutput,
        QuestionContext? context = null
    )
    {
        string symbolsPath = trace.Path + SymbolsSuffix;
        string[] inputs = trace.Path == TraceSession.StandardInput ? [] : [trace.Path, symbolsPath];
        if (request.Symbols is { UseSymbolsFile: true } && !File.Exists(symbolsPath))
            throw new IOException($"{symbolsPath}: there is no such file");

        bool isPiped = request.OutputPath == CutRequest.StandardOutput;
        using ReplacedFile? file = isPiped ? null : ReplacedFile.Create(request.OutputPath, inputs);
        using FileStream spool = CreateSpool(
            isPiped ? Path.GetTempPath() : Path.GetDirectoryName(FilePlace.Resolve(request.OutputPath))!
        );
        var cut = new CutAnalysis(trace.CreateScope(request.Range, request.Filter), request.KeepsPairs, spool);
        trace.Run([cut], context);

        Stream output = file?.Stream ?? standardOutput();
        long headSize = WriteHead(output, cut);
        spool.Position = 0;
        spool.CopyTo(output);
        long size = headSize + spool.Length;
        file?.Finish();

        int? symbols = isPiped || request.Symbols is null ? null : WriteSymbols(trace, request, cut, inputs);
        bool isStale = !isPiped && symbols is null && File.Exists(request.OutputPath + SymbolsSuffix);
        return new CutResult(cut.Met, cut.Kept, cut.KeptForPairs, cut.Tracepoints.Count(), size, symbols, isStale);
    }

    /// <summary>A file that is gone as soon as it is closed, however the program ends.</summary>
    private static FileStream CreateSpool(string folder)
    {
        string path = Path.Combine(folder, $".osprey-cut-{Guid.NewGuid():N}");
        var spool = new FileStream(
            path,
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.Delete,
            bufferSize: 1 << 16
        );
        File.Delete(path);
        return spool;
    }

    private static long WriteHead(Stream output, CutAnalysis cut)
    {
        using var head = new MemoryStream();
        _ = new TracefileWriter(head, cut.Tracepoints);
        head.WriteTo(output);
        return head.Length;
    }

    private static int? WriteSymbols(TraceSession trace, CutRequest request, CutAnalysis cut, string[] inputs)
    {
        SymbolSettings settings = request.Symbols!;
        if (settings.NoResolve)
            return null;

        string symbolsPath = trace.Path + SymbolsSuffix;
        bool usesElf =
            settings.ElfPath is not null
            || settings.RequiresDefaultElf
            || settings.Modules.Count > 0
            || settings.Sysroot is not null;
        bool usesFile =
            !usesElf
            && trace.Path != TraceSession.StandardInput
            && (settings.UseSymbolsFile || File.Exists(symbolsPath));
        if (!usesElf && !usesFile && trace.Reader is not OsvtReader)
            return null;

        using ReplacedFile file = ReplacedFile.Create(request.OutputPath + SymbolsSuffix, inputs);
        var writer = new SymbolsFileWriter(file.Stream);
        int count;
        if (usesElf)
        {
            using SymbolSession symbols = SymbolSession.Open(settings, trace);
            count = symbols.Source is ISymbolSource source ? writer.Write(source, Lookups(cut)) : 0;
        }
        else if (usesFile)
        {
            using FileStream from = File.OpenRead(symbolsPath);
            count = writer.CopyFrom(from, address => cut.Addresses.Contains(unchecked(address + 1)));
        }
        else
        {
            count = writer.Write(DumpNames.CreateBare(((OsvtReader)trace.Reader).ReadSymbols()), Lookups(cut));
        }

        file.Finish();
        return count;
    }

    private static IEnumerable<ulong> Lookups(CutAnalysis cut) =>
        cut.Addresses.All.Select(address => unchecked(address - 1));
}
