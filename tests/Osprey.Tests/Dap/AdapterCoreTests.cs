using System.Text;
using System.Text.Json.Nodes;
using Osprey.Session.Guests;
using Osprey.Tests.Cli.Guest;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Dap;

/// <summary>What a client is answered that looks at a core file.</summary>
public sealed class AdapterCoreTests
{
    [Fact]
    public void Conversation_OfLooking_IsAnsweredAsWritten()
    {
        using var small = new SmallGuest();
        using var adapted = new AdaptedGuest(() => Open(small));
        var transcript = new DapTranscript(text => text.Replace(small.Folder, "FOLDER", StringComparison.Ordinal));
        DapClient client = adapted.Client;
        client.Seen = transcript.Add;

        client.Ask("threads");
        client.Ask("initialize", """{"adapterID":"osprey","pathFormat":"path"}""");
        client.Ask("initialize", "{}");
        client.Ask("threads");
        client.Ask("attach", """{"target":"any"}""");
        client.WaitFor("initialized");
        client.Ask("attach", "{}");
        client.Ask("setBreakpoints", $$"""{"source":{"path":"{{small.SourcePath}}"},"breakpoints":[{"line":50}]}""");
        client.Ask("setFunctionBreakpoints", """{"breakpoints":[{"name":"visit"}]}""");
        client.Ask("setExceptionBreakpoints", """{"filters":[]}""");
        client.Ask("configurationDone");
        client.WaitFor("stopped");
        client.Ask("configurationDone");
        int thread = (int)client.Get("threads")["threads"]![0]!["id"]!;
        client.Ask("stackTrace", """{"threadId":99}""");
        client.Ask("stackTrace", $$"""{"threadId":{{thread}},"startFrame":3,"levels":2}""");
        JsonNode frames = client.Get("stackTrace", $$$"""{"threadId":{{{thread}}}}""")["stackFrames"]!;
        int frame = (int)frames[2]!["id"]!;
        JsonNode scopes = client.Get("scopes", $$$"""{"frameId":{{{frame}}}}""")["scopes"]!;
        foreach (JsonNode? scope in scopes.AsArray())
            client.Ask("variables", $$$"""{"variablesReference":{{{scope!["variablesReference"]}}}}""");

        client.Ask("scopes", """{"frameId":77}""");
        client.Ask("variables", """{"variablesReference":7777}""");
        JsonNode node = Evaluate(client, "head", frame, "watch");
        client.Ask("variables", $$$"""{"variablesReference":{{{node["variablesReference"]}}},"format":{"hex":true}}""");
        JsonNode matrix = Evaluate(client, "matrix", frame, "hover");
        client.Ask(
            "variables",
            $$"""{"variablesReference":{{matrix["variablesReference"]}},"filter":"indexed","start":1,"count":1}"""
        );
        foreach ((string text, string context) in s_expressions)
            client.Ask(
                "evaluate",
                new JsonObject
                {
                    ["expression"] = text,
                    ["frameId"] = frame,
                    ["context"] = context,
                }.ToJsonString()
            );

        client.Ask("dataBreakpointInfo", $$$"""{"name":"head->balance","frameId":{{{frame}}}}""");
        client.Ask("dataBreakpointInfo", $$$"""{"name":"saved","frameId":{{{frame}}}}""");
        client.Ask("dataBreakpointInfo", $$$"""{"name":"1 + 1","frameId":{{{frame}}}}""");
        client.Ask("dataBreakpointInfo", $$"""{"variablesReference":{{node["variablesReference"]}},"name":"place"}""");
        client.Ask(
            "disassemble",
            """{"memoryReference":"0x40200010","instructionOffset":-2,"instructionCount":5,"resolveSymbols":true}"""
        );
        client.Ask(
            "disassemble",
            """{"memoryReference":"0x7f0000000000","instructionOffset":-1,"instructionCount":3}"""
        );
        client.Ask("readMemory", """{"memoryReference":"0x40200ffe","offset":-2,"count":8}""");
        client.Ask("readMemory", """{"memoryReference":"0x7f0000000000","count":8}""");
        client.Ask("readMemory", """{"memoryReference":"nothing","count":8}""");
        client.Ask("writeMemory", """{"memoryReference":"0x40201000","data":"AAAA"}""");
        client.Ask("modules", "{}");
        client.Ask("source", """{"source":{"sourceReference":1}}""");
        client.Ask("next", $$$"""{"threadId":{{{thread}}}}""");
        client.Ask("pause", $$$"""{"threadId":{{{thread}}}}""");
        client.Ask("continue", $$$"""{"threadId":{{{thread}}}}""");
        client.WaitFor("stopped");
        client.Ask("scopes", $$$"""{"frameId":{{{frame}}}}""");
        client.Ask("cancel", """{"requestId":1}""");
        client.Ask("stepBack", $$$"""{"threadId":{{{thread}}}}""");
        client.Ask("variables", """{"variablesReference":"one"}""");
        client.Ask("disconnect", "{}");
        adapted.WaitForEnd();
        GoldenFile.Verify(transcript.ToString());
    }

    /// <summary>A command of the console that goes on ends when the client wants, disconnects, or leaves.</summary>
    [Fact]
    public void Command_ThatGoesOn_EndsWhenItsClientWantsOrLeaves()
    {
        using var small = new SmallGuest();
        const string Endless = """{"expression":"endless","context":"repl"}""";
        foreach (string end in (string[])["cancel", "disconnect", "leave"])
        {
            using var adapted = new AdaptedGuest(() => Open(small));
            DapClient client = adapted.Client;
            client.Ask("initialize", """{"adapterID":"osprey"}""");
            client.Ask("attach", """{"target":"core:x"}""");
            int request = client.SendRequest("evaluate", Endless);
            if (end == "cancel")
            {
                client.Ask("cancel", $$"""{"requestId":{{request}}}""");
                client.Ask("threads");
            }
            else if (end == "disconnect")
            {
                client.Ask("disconnect", "{}");
            }

            client.Leave();
            adapted.WaitForEnd();
        }
    }

    private static readonly (string Text, string Context)[] s_expressions =
    [
        ("depth + 1", "watch"),
        ("head->name", "hover"),
        ("node", "watch"),
        ("*head", "repl"),
        ("threads", "repl"),
        ("threads", "watch"),
        ("$rip", "watch"),
        ("nosuch", "watch"),
        ("*(int*)1", "watch"),
        ("", "watch"),
    ];

    [Fact]
    public void Source_ThatIsNotHere_IsAskedForByNumber()
    {
        using var small = new SmallGuest();
        string source = File.ReadAllText(small.SourcePath);
        using var adapted = new AdaptedGuest(() => Open(small));
        File.Delete(small.SourcePath);
        JsonNode frame = Attach(adapted.Client)["stackFrames"]![1]!;
        string wish = $"{{\"sourceReference\":{(int)frame["source"]!["sourceReference"]!}}}";
        Assert.False((bool)adapted.Client.Ask("source", wish)["success"]!);

        File.WriteAllText(small.SourcePath, source);
        Assert.Equal(source, (string?)adapted.Client.Get("source", wish)["content"]);
    }

    [Fact]
    public void Source_ThatIsElsewhere_IsFoundByTheMap()
    {
        using var small = new SmallGuest();
        using var adapted = new AdaptedGuest(() => Open(small));
        string elsewhere = Path.Combine(small.Folder, "elsewhere");
        Directory.CreateDirectory(elsewhere);
        File.Move(small.SourcePath, Path.Combine(elsewhere, "guest.c"));

        JsonNode frame = Attach(adapted.Client, $$$"""{"sourceMap":{"{{{small.Folder}}}":"{{{elsewhere}}}"}}""")[
            "stackFrames"
        ]![1]!;
        Assert.Equal(Path.Combine(elsewhere, "guest.c"), (string?)frame["source"]!["path"]);
        Assert.Null(frame["source"]!["sourceReference"]);
    }

    [Fact]
    public void Ring_ExpandedAgainAndAgain_NeedsNoMoreNumbers()
    {
        using var small = new SmallGuest();
        using var adapted = new AdaptedGuest(() => Open(small));
        int frame = (int)Attach(adapted.Client)["stackFrames"]![1]!["id"]!;
        int reference = (int)Evaluate(adapted.Client, "ring[0]", frame, "watch")["variablesReference"]!;
        var seen = new HashSet<int> { reference };
        var expressions = new HashSet<string?>();
        for (int i = 0; i < 10_000; i++)
        {
            JsonNode parts = adapted.Client.Get("variables", $$$"""{"variablesReference":{{{reference}}}}""");
            JsonNode next = parts["variables"]!.AsArray().First(part => (string?)part!["name"] == "next")!;
            reference = (int)next["variablesReference"]!;
            Assert.NotEqual(0, reference);
            seen.Add(reference);
            expressions.Add((string?)next["evaluateName"]);
        }

        Assert.InRange(seen.Count, 1, 2);
        Assert.InRange(expressions.Count, 1, 2);

        // Neither do expressions for what is in it, however long.
        for (int i = 0; i < 100; i++)
        {
            string longer = "ring[0]" + string.Concat(Enumerable.Repeat("->next", i));
            seen.Add((int)Evaluate(adapted.Client, longer, frame, "watch")["variablesReference"]!);
        }

        Assert.InRange(seen.Count, 1, 2);
    }

    [Fact]
    public void Messages_OfAnyBytes_AreEachAnswered()
    {
        using var small = new SmallGuest();
        using var adapted = new AdaptedGuest(() => Open(small));
        DapClient client = adapted.Client;
        Attach(client);
        int thread = (int)client.Get("threads")["threads"]![0]!["id"]!;
        var random = new Random(20);
        for (int i = 0; i < 10_000; i++)
        {
            string body = Damage(s_messages[random.Next(s_messages.Length)], random);
            if (body.Contains("disconnect", StringComparison.Ordinal))
                continue;

            client.SendBody(body);
            while ((string?)client.Read()["type"] != "response")
                continue;
        }

        Assert.Equal(thread, (int)client.Get("threads")["threads"]![0]!["id"]!);
    }

    [Fact]
    public void Headers_ThatAreMalformed_CostNoMoreThanTheirMessage()
    {
        using var small = new SmallGuest();
        using var adapted = new AdaptedGuest(() => Open(small));
        DapClient client = adapted.Client;
        Attach(client);
        string[] headers =
        [
            "Content-Length: x\r\n\r\n{}",
            "Content-Length: -1\r\n\r\n",
            "Content-Length: 99999999999999999999\r\n\r\n",
            "nothing\r\n\r\n",
            "\r\n\r\n",
            "Content-Type: text\r\n\r\n",
            new string('a', 5000) + "\r\n\r\n",
        ];
        foreach (string header in headers)
        {
            client.Send(Encoding.ASCII.GetBytes(header));
            JsonObject response = client.Ask("modules");
            Assert.True((bool)response["success"]!, header);
        }
    }

    private static readonly string[] s_messages =
    [
        Write("threads"),
        Write("stackTrace", """{"threadId":1073741824,"startFrame":0,"levels":20}"""),
        Write("scopes", """{"frameId":1}"""),
        Write("variables", """{"variablesReference":1,"start":0,"count":10}"""),
        Write("evaluate", """{"expression":"head->next","frameId":1,"context":"watch"}"""),
        Write("setBreakpoints", """{"source":{"path":"a.c"},"breakpoints":[{"line":1}]}"""),
        Write("readMemory", """{"memoryReference":"0x40200000","count":16}"""),
        Write("disassemble", """{"memoryReference":"0x40200000","instructionCount":4}"""),
        Write("setDataBreakpoints", """{"breakpoints":[{"dataId":"0x1/8"}]}"""),
        Write("initialize", """{"linesStartAt1":true}"""),
        Write("cancel", """{"requestId":5}"""),
        Write("source", """{"source":{"sourceReference":1}}"""),
        Write("launch", """{"qemu":[]}"""),
    ];

    private static string Write(string command, string arguments = "{}") =>
        $$"""{"seq":7,"type":"request","command":"{{command}}","arguments":""" + arguments + "}";

    private static string Damage(string message, Random random)
    {
        var text = new StringBuilder(message);
        for (int times = random.Next(1, 4); times > 0 && text.Length > 0; times--)
        {
            int at = random.Next(text.Length);
            switch (random.Next(5))
            {
                case 0:
                    text[at] = (char)random.Next(32, 0x300);
                    break;
                case 1:
                    text.Insert(at, (char)random.Next(32, 127));
                    break;
                case 2:
                    text.Remove(at, 1);
                    break;
                case 3:
                    text.Length = at;
                    break;
                default:
                    text.Insert(at, "999999999999");
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>Attaches, and gives the stack of the first thread.</summary>
    private static JsonNode Attach(DapClient client, string arguments = "{}")
    {
        client.Get("initialize", "{}");
        client.Get("attach", arguments);
        client.Get("configurationDone");
        int thread = (int)client.Get("threads")["threads"]![0]!["id"]!;
        return client.Get("stackTrace", $$$"""{"threadId":{{{thread}}}}""");
    }

    private static JsonNode Evaluate(DapClient client, string expression, int frame, string context) =>
        client.Get("evaluate", $$"""{"expression":"{{expression}}","frameId":{{frame}},"context":"{{context}}"}""");

    private static GuestSession Open(SmallGuest guest) =>
        GuestSession.Open(
            new GuestSettings
            {
                Target = TargetSpec.Parse($"core:{guest.CorePath}"),
                ExecutablePath = guest.ProgramPath,
                NoCache = true,
            }
        );
}
