using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Options;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Packets;
using Osprey.Packets.Pcap;
using Osprey.Session.Answers.Traces.Samples;
using Osprey.Session.Packets;
using Osprey.Session.Traces;
using Osprey.Traces.Analyses;
using Osprey.Traces.Model;
using Osprey.Traces.Network;
using Osprey.Traces.Semantics;
using Osprey.Traces.Text;

namespace Osprey.Cli.Commands.Trace;

/// <summary><c>osprey trace tcpdump</c> and <c>pcap-dump</c>: the packets that went in and out of the guest.</summary>
internal static class PacketCommands
{
    public static Command CreateTcpdump()
    {
        var command = new DocumentedCommand(
            "tcpdump",
            "Show the packets of a trace in words, with their guest time and direction",
            "osprey trace tcpdump tracefile",
            "osprey trace tcpdump --since 3 --period 10ms --json"
        );
        TraceCommandOptions options = CreateOptions(command, hasJson: true);
        var levels = new PacketLevelOption(command);
        command.SetAction(result =>
            TraceInvocation.Run(result, options, invocation => Show(invocation, levels.Read(result)))
        );
        return command;
    }

    public static Command CreatePcapDump()
    {
        var command = new DocumentedCommand(
            "pcap-dump",
            "Write the packets of a trace as a pcap file to standard output",
            "osprey trace pcap-dump tracefile > guest.pcap         # open in Wireshark",
            "osprey trace pcap-dump tracefile | tshark -r - -Y tcp.analysis.retransmission"
        );
        TraceCommandOptions options = CreateOptions(command, hasJson: false);
        var levels = new PacketLevelOption(command);
        command.SetAction(result =>
            TraceInvocation.Run(result, options, invocation => Dump(invocation, levels.Read(result)), paged: false)
        );
        return command;
    }

    private static TraceCommandOptions CreateOptions(Command command, bool hasJson) =>
        new(new SourceOptions(command, hasJson, hasPager: hasJson))
        {
            Time = new TimeOptions(command),
            Filter = new FilterOptions(command, hasTracepoints: false),
        };

    private static void Show(TraceInvocation invocation, PacketChoice choice)
    {
        if (invocation.IsCompat)
        {
            ShowAsReference(invocation);
            return;
        }

        AnalysisScope scope = invocation.Scope;
        var samples = new PacketSamples(scope);
        using var packets = new PacketTexts(invocation.Session, scope, samples, choice);
        var json = new JsonLines();
        long count = 0;
        ForEachPacket(
            invocation,
            samples,
            choice,
            (in TraceEvent sample, PacketDirection direction) =>
            {
                count++;
                string? words = packets.Describe(sample);
                if (words is null)
                    scope.Stats.Count(LossKind.PacketsOfOtherProtocols);
                else
                    Write(invocation, json, sample, direction, words);
            }
        );
        if (count == 0)
            invocation.FindNothing(Missing(invocation.Scope.Semantics, samples));
        else if (packets.Note is not null)
            Messages.Write("osprey: note: " + packets.Note);
    }

    private static IReadOnlyList<string> Missing(TraceSemantics semantics, PacketSamples samples) =>
        samples.Any
            ? []
            : [.. semantics.NamesOf(TracepointRole.PacketIn), .. semantics.NamesOf(TracepointRole.PacketOut)];

    private static void Write(
        TraceInvocation invocation,
        JsonLines json,
        in TraceEvent sample,
        PacketDirection direction,
        string words
    )
    {
        if (invocation.IsJson)
        {
            var row = new PacketRow(sample.Time, sample.Cpu, direction == PacketDirection.Inbound, words);
            json.Append(invocation.Output.Text, PacketRow.Shape, row);
            invocation.Output.FlushIfLarge();
            return;
        }

        Utf8Builder text = invocation.Output.Text;
        TimeText.AppendSeconds(text, sample.Time);
        text.Append(direction == PacketDirection.Inbound ? " in  "u8 : " out "u8);
        text.Append(words);
        text.Append((byte)'\n');
        invocation.Output.FlushIfLarge();
    }

    private static void ShowAsReference(TraceInvocation invocation)
    {
        try
        {
            int code = TcpdumpRelay.Run(
                pcap => WritePackets(invocation, pcap, PacketChoice.AllLevels),
                invocation.Output.Stream
            );
            if (code != 0)
                throw new CommandFailedException($"tcpdump ended with code {code}");
        }
        catch (TcpdumpException exception)
        {
            throw new CommandFailedException($"{exception.Message} (without --compat, packets are shown without it)");
        }
    }

    private static void Dump(TraceInvocation invocation, PacketChoice choice)
    {
        if (!Console.IsOutputRedirected)
            throw new UsageException("pcap-dump writes a binary file to standard output: redirect it (> guest.pcap)");

        var pcap = new PcapWriter(
            invocation.Output.Stream,
            invocation.IsCompat ? PcapVariant.Compatible : PcapVariant.Nanosecond
        );
        try
        {
            WritePackets(invocation, pcap, invocation.IsCompat ? PacketChoice.AllLevels : choice);
            if (pcap.Count == 0)
                invocation.FindNothing(Missing(invocation.Scope.Semantics, new PacketSamples(invocation.Scope)));
        }
        finally
        {
            if (pcap.Count > 0 || invocation.IsCompat)
                pcap.Flush();
        }
    }

    private static void WritePackets(TraceInvocation invocation, PcapWriter pcap, PacketChoice choice)
    {
        var samples = new PacketSamples(invocation.Scope);
        ForEachPacket(
            invocation,
            samples,
            choice,
            (in TraceEvent sample, PacketDirection _) =>
            {
                int protocol = samples.ProtocolOf(sample);
                if (pcap.TryWrite(sample.Time, protocol, samples.BytesOf(sample)))
                    return;

                if (invocation.IsCompat)
                    throw new CommandFailedException(
                        $"a packet of protocol {protocol} has no Ethernet type; the reference stops here"
                    );

                invocation.Scope.Stats.Count(LossKind.PacketsOfOtherProtocols);
            }
        );
    }

    private delegate void PacketVisitor(in TraceEvent sample, PacketDirection direction);

    private static void ForEachPacket(
        TraceInvocation invocation,
        PacketSamples samples,
        PacketChoice choice,
        PacketVisitor visit
    )
    {
        var selection = new PacketSelection(samples, choice);
        using var pump = new BatchPump(invocation.Session.Reader);
        while (pump.Next() is SampleBatch batch)
        {
            for (int i = 0; i < batch.Count; i++)
            {
                TraceEvent sample = batch[i];
                if (selection.Includes(sample) && invocation.Scope.Includes(sample))
                    visit(sample, samples.DirectionOf(sample.Tracepoint) ?? PacketDirection.Unknown);
            }
        }
    }
}
