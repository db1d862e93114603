using System.Text.Json;

namespace Osprey.Tests.Guests.Qmp;

/// <summary>
/// Everything that QEMU tells of from the log's making on, whoever caused it: how often a guest was stopped, and for
/// how long.
/// </summary>
internal sealed class QmpEventLog : IDisposable
{
    private readonly List<QmpEvent> _events = [];
    private readonly QmpClient _client;

    /// <param name="path">A QMP socket that nobody else is connected to.</param>
    public QmpEventLog(string path) => _client = new QmpClient(path) { OnEvent = Add };

    /// <summary>All events so far. Whatever QEMU did before this is called is among them.</summary>
    public IReadOnlyList<QmpEvent> Read()
    {
        // QEMU answers behind the events that were there before it.
        _client.Execute("query-status");
        return [.. _events];
    }

    /// <summary>The time between stops and resumptions so far. A stop that lasts counts as none.</summary>
    public TimeSpan GetPausedTime()
    {
        TimeSpan paused = TimeSpan.Zero;
        TimeSpan? stop = null;
        foreach (QmpEvent happened in Read())
        {
            if (happened.Name == "STOP")
            {
                stop = happened.Time;
            }
            else if (happened.Name == "RESUME" && stop is { } start)
            {
                paused += happened.Time - start;
                stop = null;
            }
        }

        return paused;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private void Add(JsonElement message)
    {
        JsonElement time = message.GetProperty("timestamp");
        _events.Add(
            new QmpEvent(
                message.GetProperty("event").GetString()!,
                TimeSpan.FromSeconds(time.GetProperty("seconds").GetInt64())
                    + TimeSpan.FromMicroseconds(time.GetProperty("microseconds").GetInt64())
            )
        );
    }
}
