using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Packets.Vsock;
using Osprey.Session.Answers.Vsock;
using Osprey.Session.Traces;

namespace Osprey.Cli.Commands.Vsock;

/// <summary><c>osprey vsock decode</c>: a capture of a vsockmon device in words.</summary>
internal static class VsockDecodeCommand
{
    private const string FollowForm = "CID:PORT-CID:PORT";

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "decode",
            "Show a capture of a vsockmon device in words: packets, credit, connections, data",
            "osprey vsock decode vsock.pcap                              # a line a packet",
            "osprey vsock decode vsock.pcap --connections                # who, how much, how it ended",
            "osprey vsock decode vsock.pcap --follow host:1024-3:5000    # what they said",
            "osprey vsock decode vsock.pcap --follow 2 --sender 3:5000 --raw > answer.bin",
            "tcpdump -i vsockmon0 -U -w - | osprey vsock decode -        # as it happens"
        );
        var file = new Argument<string>("file")
        {
            Description = "A pcap or pcapng file of link type 271; - is standard input",
        };
        var connections = new Option<bool>("--connections")
        {
            Description = "List the connections instead of the packets",
        };
        var follow = new Option<string?>("--follow")
        {
            Description = "Show the data of the connections between two ends, or of one by its number in --connections",
            HelpName = FollowForm,
        };
        var sender = new Option<string?>("--sender")
        {
            Description = "With --follow: only the data that this end sent",
            HelpName = "CID:PORT",
        };
        var raw = new Option<bool>("--raw") { Description = "With --follow: write the bytes as they are" };
        command.Arguments.Add(file);
        command.Options.Add(connections);
        command.Options.Add(follow);
        command.Options.Add(sender);
        command.Options.Add(raw);
        var options = new AnswerOptions(command);
        command.SetAction(result =>
        {
            AnswerFormat format = options.Read(result);
            bool isList = result.GetValue(connections);
            bool isRaw = result.GetValue(raw);
            VsockFollowing? following = ReadFollowing(result.GetValue(follow), result.GetValue(sender));
            if (isList && following is not null)
                throw new UsageException("choose one of --connections and --follow");

            if (following is null && isRaw)
                throw new UsageException("--raw needs --follow");

            if (isRaw && format == AnswerFormat.Json)
                throw new UsageException("choose one of --json and --raw");

            string path = result.GetValue(file)!;
            bool isPipe = path == TraceSession.StandardInput;
            using Stream stream = isPipe ? StandardStreams.OpenInput() : CaptureFile.Open(path);
            VsockCapture capture = VsockCapture.Open(stream, isPipe ? "standard input" : path);
            using var output = new Output(paged: format == AnswerFormat.Text && !isRaw && !isPipe);
            var text = new VsockCaptureText(output, format == AnswerFormat.Json, flushesEach: isPipe);
            if (isRaw && output.IsTerminal)
                throw new UsageException("--raw writes bytes as they are: redirect standard output (> answer.bin)");

            if (following is not null)
                return Finish(capture, output, text.Follow(capture, following, isRaw), "data of such a connection");

            if (!isList)
                text.WritePackets(capture);
            else
                WriteConnections(capture, output, format);

            return Finish(capture, output, capture.Count, $"packets of vsock (link type {VsockPacket.LinkType})");
        });
        return command;
    }

    private static void WriteConnections(VsockCapture capture, Output output, AnswerFormat format)
    {
        foreach (VsockEvent _ in capture.Read())
        {
            // A connection is known whole only at the end.
        }

        ListingWriter.Write(output, format, VsockConnectionShape.Shape, capture.Connections, capture.DescribeLosses);
    }

    private static VsockFollowing? ReadFollowing(string? follow, string? sender)
    {
        if (follow is null)
            return sender is null ? null : throw new UsageException("--sender needs --follow");

        if (!VsockConnectionChoice.TryParse(follow, out VsockConnectionChoice? choice))
            throw new UsageException(
                $"--follow: '{TerminalText.Escape(follow)}' is neither a number nor {FollowForm}, "
                    + "such as host:1024-3:5000"
            );

        if (sender is null)
            return new VsockFollowing(choice, null);

        return VsockEndpoint.TryParse(sender, out VsockEndpoint end)
            ? new VsockFollowing(choice, end)
            : throw new UsageException(
                $"--sender: '{TerminalText.Escape(sender)}' is not CID:PORT, such as host:1024 or 3:5000"
            );
    }

    /// <summary>Says what is missing from what was written.</summary>
    /// <param name="capture">The capture, read.</param>
    /// <param name="output">Where it was written to.</param>
    /// <param name="count">What was found.</param>
    /// <param name="what">Its name.</param>
    private static int Finish(VsockCapture capture, Output output, long count, string what)
    {
        output.Flush();
        if (capture.DescribeOthers() is { } others)
            Messages.Write("osprey: note: " + others);

        IReadOnlyList<string> losses = capture.DescribeLosses();
        foreach (string loss in losses)
            Messages.Write("osprey: " + loss);

        if (count == 0 && capture.Defect is null)
            Messages.Write($"osprey: the capture has no {what}");

        return count == 0 || losses.Count > 0 ? ExitCode.Failure : ExitCode.Success;
    }
}
