using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Rest.Answers;
using Osprey.Cli.Commands.Trace;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Rest.Dumps;
using Osprey.Session.Traces;
using Osprey.Session.Traces.Changes;

namespace Osprey.Cli.Commands.Rest;

/// <summary><c>osprey trace download</c>: a running guest's trace buffers to a file.</summary>
internal sealed class DownloadCommand
{
    private readonly Argument<string?> _path = new("tracefile")
    {
        Description = "The file to write or replace [default: tracefile]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _convert = new("--convert")
    {
        Description =
            "Write a tracefile (version 3), and the names in the dump to tracefile.symbols, instead of the dump itself",
    };
    private readonly Option<bool> _compat = new("--compat")
    {
        Description = "Print byte for byte what OSv's trace.py prints",
    };
    private readonly Option<bool> _json = new("--json") { Description = "Print what was written as JSON" };
    private readonly RestOptions _guest;

    private DownloadCommand(Command command)
    {
        command.Arguments.Add(_path);
        _guest = new RestOptions(command, isOfReference: true);
        command.Options.Add(_convert);
        command.Options.Add(_compat);
        command.Options.Add(_json);
    }

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "download",
            "Fetch the trace buffers of a running guest over its REST API (OSv's module httpserver-api)",
            "osprey trace download                                 # http://localhost:8000/ to the file tracefile",
            "osprey trace download -u 192.168.122.15 --convert t      # then: osprey trace prof-wait t",
            "osprey trace download -u https://guest:8000/ --cert me.pem --key me.key --cacert ca.pem"
        );
        var download = new DownloadCommand(command);
        RestInvocation.SetAction(
            command,
            result => download._guest.Read(result, result.GetValue(download._compat)),
            result => result.GetValue(download._json),
            download.RunAsync
        );
        return command;
    }

    private async Task<int> RunAsync(RestInvocation invocation, ParseResult result)
    {
        string path = GetPath(result);
        bool isCompat = result.GetValue(_compat);
        ConversionResult? converted = null;
        TraceDownload.Conversion? convert = result.GetValue(_convert)
            ? (dump, output) => converted = Convert(dump, output, path, invocation.Cancellation)
            : null;

        DownloadResult done;
        using (var bar = new DownloadBar())
        {
            if (isCompat)
            {
                invocation.Output.Text.Append(
                    $"Downloading {WithoutSlash(_guest.GetUrl(result))}/trace/buffers -> {path}\n"
                );
                invocation.Output.Flush();
            }

            IProgress<DownloadProgress> progress = isCompat ? new ReferenceDownloadProgress(invocation.Output) : bar;
            done = await new TraceDownload(invocation.Client).DownloadAsync(
                path,
                convert,
                progress,
                invocation.Cancellation
            );
        }

        if (invocation.IsJson)
            JsonAnswers.Write(
                invocation.Output,
                DownloadAnswer.Shape,
                new DownloadAnswer(invocation.Client.BaseUrl, done, converted)
            );
        else if (!isCompat)
            Messages.Note($"osprey: downloaded {done.Received} bytes from {invocation.Client.BaseUrl} to {path}");

        if (!isCompat && !invocation.IsJson && converted is not null)
            Messages.Note("osprey: " + ConversionText.Describe("them", converted));

        return ExitCode.Success;
    }

    private string GetPath(ParseResult result)
    {
        string? stray = _guest.GetStrayArgument(result);
        string? path = result.GetValue(_path);
        // As the reference's: with a file elsewhere, whatever stands behind --no-verify is its value.
        path ??= (result.GetValue(_compat) ? null : stray) ?? "tracefile";
        return path != TraceSession.StandardInput
            ? path
            : throw new UsageException("a dump goes to a file, not to standard output");
    }

    /// <summary>
    /// Converts a complete dump. What is damaged is no reason to throw the dump away: it stays, and the user is told.
    /// </summary>
    private static ConversionResult Convert(string dump, string output, string path, CancellationToken cancellation)
    {
        using TraceSession trace = TraceSession.Open(dump);
        ConversionResult converted = ConvertDumpCommand.Convert(trace, output, output + ".symbols", cancellation);
        if (trace.Reader.Stats.Damage is { } damage)
        {
            if (converted.Symbols is not null)
                File.Delete(converted.Symbols.Path);

            throw damage;
        }

        if (converted.Symbols is { } symbols)
        {
            File.Move(symbols.Path, path + ".symbols", overwrite: true);
            converted = converted with { Symbols = symbols with { Path = path + ".symbols" } };
        }

        return converted with
        {
            Path = path,
        };
    }

    private static string WithoutSlash(string url) => url.EndsWith('/') ? url[..^1] : url;
}
