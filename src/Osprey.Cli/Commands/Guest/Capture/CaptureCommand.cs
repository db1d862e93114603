using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Live;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Captures;
using Osprey.Session.Captures;
using Osprey.Target;

namespace Osprey.Cli.Commands.Guest.Capture;

/// <summary><c>osprey capture</c>: the packets that a guest's network and vsock devices carry.</summary>
internal sealed class CaptureCommand
{
    private readonly Option<string[]> _devices = new("--device")
    {
        Description = "Only this device, by the id that QEMU has for it; may be repeated",
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = false,
    };
    private readonly Option<string> _duration = new("--duration")
    {
        Description = "End after this time [s, or with a unit: ms s m h]; otherwise at Ctrl-C",
        HelpName = "DURATION",
    };
    private readonly Option<long?> _count = new("--count")
    {
        Description = "End after this many packets",
        HelpName = "N",
    };
    private readonly Option<string> _file = new("--write", "-w")
    {
        Description = "Write the packets to this pcapng file and show none; - for standard output",
        HelpName = "FILE",
    };
    private readonly Option<string> _interface = new("--interface")
    {
        Description = "Capture from an interface of this host instead, such as vsockmon0; needs libpcap",
        HelpName = "NAME",
    };

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "capture",
            "Show or record the packets of a running guest's virtio network and vsock devices, read out of its memory: "
                + "no tap, no agent, the guest is not paused. Packets that could not be read in time are counted",
            "osprey capture --target web                            # a line a packet, until Ctrl-C",
            "osprey capture -w guest.pcapng --duration 10s          # for Wireshark",
            "osprey capture --device net0 --count 100 --json",
            "osprey capture -w - | tshark -r - -Y dns",
            "osprey capture --interface vsockmon0 -w vsock.pcapng   # of this host, by libpcap"
        );
        var capture = new CaptureCommand();
        command.AddOptions(capture._devices, capture._duration, capture._count, capture._file, capture._interface);
        var options = new GuestOptions(command, hasContext: false);
        command.SetAction(result =>
        {
            CaptureRequest request = capture.Read(result, options.IsJson(result));
            string? file = result.GetValue(capture._file);
            if (result.GetValue(capture._interface) is not { } host)
                return GuestInvocation.Run(
                    result,
                    options,
                    invocation => Run(invocation, request, result.GetValue(capture._devices) ?? [], file)
                );

            if (options.NamesGuest(result) || result.GetResult(capture._devices) is not null)
                throw new UsageException("--interface is about this host: it goes with no option that names a guest");

            return HostCapture.Run(host, request, file, options.IsJson(result));
        });
        return command;
    }

    private CaptureRequest Read(ParseResult result, bool isJson)
    {
        if (isJson && result.GetValue(_file) == "-")
            throw new UsageException("--json and the file both go to standard output");

        long? count = result.GetValue(_count);
        return count is < 1
            ? throw new UsageException("--count: expected a number from 1 on")
            : new CaptureRequest(LiveOptions.ReadDuration(result, _duration), count);
    }

    private static int Run(GuestInvocation invocation, CaptureRequest request, string[] names, string? path)
    {
        if (invocation.Session.Target.Access == TargetAccess.Core)
            throw new CommandFailedException("a core file carries no packets: capture from a guest that runs");

        CaptureDevices found = CaptureDevices.Find(invocation.Session, invocation.Cancellation);
        CaptureDevice[] devices = Choose(found, names);
        if (invocation.Session.Target.Access == TargetAccess.Paused)
            Messages.Write("osprey: note: the guest is paused; waiting for it to run");

        var capture = new GuestCapture(
            invocation.Session.Target.Memory,
            devices,
            () => CaptureDevices.Find(invocation.Session, invocation.Cancellation).Devices,
            RunningThreads.TryFind(invocation.Session, invocation.Cancellation)
        );
        using CaptureFileWriter? file = path is null ? null : CaptureFileWriter.Open(path, invocation.Output);
        file?.Begin(devices, invocation.Session.Target.Name);
        var text = new CaptureText(invocation.Output, invocation.IsJson);
        long given = 0;
        CaptureResult done = capture.Run(
            request with
            {
                Started = () => Messages.Note($"osprey: capturing {string.Join(", ", devices.Select(Describe))}"),
            },
            frame =>
            {
                given++;
                if (file is not null)
                    file.Write(frame);
                else
                    text.Write(frame, devices[frame.Device].Name, devices[frame.Device].Kind);
            },
            file is not null ? file.Flush : invocation.Output.Flush,
            invocation.Cancellation
        );
        file?.End(done);
        if (file is not null && invocation.IsJson)
            ListingWriter.Write(
                invocation.Output,
                AnswerFormat.Json,
                CaptureSummaryRow.Shape,
                CaptureSummaryRow.List(devices, done)
            );

        return Report(done, given);
    }

    private static int Report(CaptureResult done, long given)
    {
        Messages.Note("osprey: " + CaptureMessages.Describe(done, given));
        if (CaptureMessages.DescribeLosses(done.Total) is { } losses)
            Messages.Write("osprey: " + losses);

        foreach (string note in done.Notes)
            Messages.Write("osprey: note: " + TerminalText.Escape(note));

        foreach (string defect in done.Defects)
            Messages.Write("osprey: packets may be missing: " + TerminalText.Escape(defect));

        return done.Defects.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static CaptureDevice[] Choose(CaptureDevices found, string[] names)
    {
        foreach (string problem in found.Problems)
            Messages.Write("osprey: note: " + TerminalText.Escape(problem));

        CaptureDevice[] chosen = [.. found.Devices.Where(device => names.Length == 0 || names.Contains(device.Name))];
        foreach (string name in names)
        {
            if (!chosen.Any(device => device.Name == name))
                throw new CommandFailedException(
                    $"the guest has no device '{TerminalText.Escape(name)}' to capture from; it has "
                        + (found.Devices.Count == 0 ? "none" : string.Join(", ", found.Devices.Select(Describe)))
                );
        }

        return chosen.Length > 0
            ? chosen
            : throw new CommandFailedException("the guest has no virtio network or vsock device in use");
    }

    private static string Describe(CaptureDevice device) => TerminalText.Escape(device.Name);
}
