using System.Text.Json;
using Osprey.Target.Backends.Qemu.Block;
using Osprey.Target.Backends.Qemu.Qmp;

namespace Osprey.Target.Backends.Qemu.Virtio;

/// <summary>
/// Asks QEMU for its virtio devices. The commands are there since QEMU 7.2 (qapi/virtio.json), marked as unstable.
/// </summary>
internal static class QemuVirtioDevices
{
    private const int MaxDevices = 1024;
    private const int MaxQueues = 1024; // VIRTIO_QUEUE_MAX
    private const uint MaxQueueSize = 1 << 15;

    /// <summary>The newest QEMU that was seen to answer: 11.1.3 fails an assertion, and ends with its guest.</summary>
    private static readonly Version s_newest = new(10, 0);

    /// <summary>Asks for the devices of some kinds, in QEMU's order.</summary>
    /// <param name="qmp">The connection.</param>
    /// <param name="isWanted">Tells by QEMU's name whether a kind is asked for.</param>
    /// <returns>Null when this QEMU has no such command.</returns>
    /// <exception cref="TargetException">
    /// The connection is lost, an answer takes too long, or this QEMU might not survive the question.
    /// </exception>
    public static IReadOnlyList<QemuVirtioDevice>? Ask(QmpClient qmp, Predicate<string> isWanted)
    {
        if (Version.TryParse(qmp.Version, out Version? version) && new Version(version.Major, version.Minor) > s_newest)
            throw new TargetException(
                TargetProblem.NotSupported,
                $"QEMU {qmp.Version} is not asked for its virtio devices (x-query-virtio-status): "
                    + $"QEMU 11.1.3 ends at that question, and its guest with it; {s_newest} and older answer"
            );

        JsonElement list;
        try
        {
            list = qmp.Execute("x-query-virtio");
        }
        catch (QmpException)
        {
            return null;
        }

        var devices = new List<QemuVirtioDevice>();
        foreach (JsonElement item in BlockJson.Items(list).Take(MaxDevices))
        {
            if (BlockJson.Text(item, "name") is not { } kind || BlockJson.Text(item, "path") is not { } path)
                continue;

            if (isWanted(kind) && AskDevice(qmp, kind, path) is { } device)
                devices.Add(device);
        }

        // QEMU lists the device that was made last first.
        devices.Reverse();
        return devices;
    }

    /// <summary>Asks for one device; null when it was unplugged meanwhile.</summary>
    private static QemuVirtioDevice? AskDevice(QmpClient qmp, string kind, string path)
    {
        try
        {
            JsonElement status = qmp.Execute("x-query-virtio-status", writer => writer.WriteString("path", path));
            JsonElement guest = BlockJson.Member(status, "guest-features");
            var features = new HashSet<string>(StringComparer.Ordinal);
            foreach (string group in (string[])["transports", "dev-features"])
            {
                foreach (JsonElement feature in BlockJson.Items(BlockJson.Member(guest, group)))
                {
                    // "VIRTIO_NET_F_MRG_RXBUF: Driver can merge receive buffers"
                    if (BlockJson.Text(feature) is { } text)
                        features.Add(text.Split(':')[0]);
                }
            }

            int count = (int)Math.Clamp(BlockJson.Number(status, "num-vqs") ?? 0, 0, MaxQueues);
            var queues = new List<QemuVirtqueue>();
            for (int i = 0; i < count; i++)
            {
                if (AskQueue(qmp, path, i) is { } queue)
                    queues.Add(queue);
            }

            return new QemuVirtioDevice(kind, path, BlockJson.IsTrue(status, "started"), features, queues)
            {
                QueueCount = count,
            };
        }
        catch (QmpException)
        {
            return null;
        }
    }

    private static QemuVirtqueue? AskQueue(QmpClient qmp, string path, int number)
    {
        JsonElement queue = qmp.Execute(
            "x-query-virtio-queue-status",
            writer =>
            {
                writer.WriteString("path", path);
                writer.WriteNumber("queue", number);
            }
        );
        ulong descriptors = Address(queue, "vring-desc");
        return descriptors != 0 && BlockJson.Number(queue, "vring-num") is > 0 and <= MaxQueueSize and var size
            ? new QemuVirtqueue(
                number,
                (uint)size,
                descriptors,
                Address(queue, "vring-avail"),
                Address(queue, "vring-used")
            )
            : null;
    }

    private static ulong Address(JsonElement queue, string name) =>
        BlockJson.Member(queue, name) is { ValueKind: JsonValueKind.Number } number
        && number.TryGetUInt64(out ulong value)
            ? value
            : 0;
}
