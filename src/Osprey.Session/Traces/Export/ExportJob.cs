using Osprey.Traces.Analyses;
using Osprey.Traces.Exports;
using Osprey.Traces.Exports.Chrome;
using Osprey.Traces.Exports.Firefox;
using Osprey.Traces.Exports.Html;
using Osprey.Traces.Exports.Perfetto;
using Osprey.Traces.Exports.Profiles;

namespace Osprey.Session.Traces.Export;

/// <summary>An export with what it holds open while the trace is read.</summary>
public sealed class ExportJob : IDisposable
{
    private readonly FileStream? _spool;

    private ExportJob(TraceExport export, FileStream? spool)
    {
        Export = export;
        _spool = spool;
    }

    /// <summary>Gets the samples.</summary>
    public TraceExport Export { get; }

    /// <summary>Starts an export.</summary>
    /// <param name="request">What is to be written.</param>
    /// <param name="output">Where to; stays open.</param>
    /// <exception cref="IOException">The output, or a temporary file, can't be written.</exception>
    public static ExportJob Start(ExportRequest request, Stream output)
    {
        (AnalysisScope scope, StackSymbols symbols) = (request.Scope, request.Symbols);
        if (request.Format == ExportFormat.Tracefile)
        {
            FileStream spool = CreateSpool(request.SpoolFolder);
            return new ExportJob(new TracefileExport(scope, output, spool), spool);
        }

        TraceExport export = request.Format switch
        {
            ExportFormat.Folded => new FoldedExport(scope, symbols, request.Source, request.Grouping, output),
            ExportFormat.Speedscope => new SpeedscopeExport(
                scope,
                symbols,
                request.Source,
                request.Grouping,
                request.Title,
                output
            ),
            ExportFormat.Pprof => new PprofExport(
                scope,
                symbols,
                request.Source,
                request.Grouping,
                request.Title,
                output
            ),
            ExportFormat.Svg => new FlameGraphExport(
                scope,
                symbols,
                request.Source,
                request.Grouping,
                request.Title,
                output
            ),
            ExportFormat.Firefox => new FirefoxExport(scope, symbols, request.Title, output),
            ExportFormat.Html => new HtmlExport(scope, symbols, request.Title, output),
            ExportFormat.Perfetto => new PerfettoExport(scope, symbols, output),
            ExportFormat.Chrome => new ChromeTraceExport(scope, symbols, output),
            ExportFormat.Pcapng => new PacketExport(scope, symbols, output, request.StartTime, request.Packets),
            _ => new CsvExport(scope, symbols, output),
        };
        return new ExportJob(export, null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        (Export as IDisposable)?.Dispose();
        _spool?.Dispose();
    }

    /// <summary>A file without a name, gone as soon as it is closed, however the program ends.</summary>
    private static FileStream CreateSpool(string folder)
    {
        string path = Path.Combine(folder, $".osprey-export-{Guid.NewGuid():N}");
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
}
