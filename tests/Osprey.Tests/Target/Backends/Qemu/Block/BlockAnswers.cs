using System.Text.Json;
using Osprey.Target.Backends.Qemu.Block;

namespace Osprey.Tests.Target.Backends.Qemu.Block;

/// <summary>
/// Answers as QEMU 7.2 gives them, made for these tests: a qcow2 drive over a backing file, a named raw one whose
/// filter Osprey put in, and an empty CD drive.
/// </summary>
internal static class BlockAnswers
{
    public const string Blocks = """
        [
          {"io-status": "ok", "device": "virtio0", "locked": false, "removable": false, "type": "unknown",
           "qdev": "/machine/peripheral-anon/device[0]/virtio-backend",
           "inserted": {"node-name": "#block168", "drv": "qcow2", "ro": false, "file": "disk.qcow2"}},
          {"device": "", "locked": false, "removable": false, "type": "unknown",
           "qdev": "/machine/peripheral/data/virtio-backend",
           "inserted": {"node-name": "data0", "drv": "raw", "ro": false, "file": "data.img"}},
          {"device": "ide1-cd0", "locked": false, "removable": true, "tray_open": false, "type": "unknown",
           "qdev": "/machine/unattached/device[23]"}
        ]
        """;

    public const string Nodes = """
        [
          {"node-name": "#block168", "drv": "qcow2", "ro": false, "detect_zeroes": "on", "file": "disk.qcow2"},
          {"node-name": "#block089", "drv": "file", "ro": false, "detect_zeroes": "off", "file": "disk.qcow2"},
          {"node-name": "#block031", "drv": "qcow2", "ro": true, "detect_zeroes": "off", "file": "base.qcow2"},
          {"node-name": "#block030", "drv": "file", "ro": true, "detect_zeroes": "off", "file": "base.qcow2"},
          {"node-name": "data0", "drv": "raw", "ro": false, "detect_zeroes": "off", "file": "blkdebug::data.img"},
          {"node-name": "osprey-block-00c0ffee", "drv": "blkdebug", "ro": false, "detect_zeroes": "off",
           "file": "blkdebug::data.img"},
          {"node-name": "file0", "drv": "file", "ro": false, "detect_zeroes": "off", "file": "data.img"}
        ]
        """;

    public const string Graph = """
        {"nodes": [
          {"name": "virtio0", "type": "block-backend", "id": 1},
          {"name": "#block168", "type": "block-driver", "id": 2},
          {"name": "#block089", "type": "block-driver", "id": 3},
          {"name": "#block031", "type": "block-driver", "id": 4},
          {"name": "#block030", "type": "block-driver", "id": 5},
          {"name": "data0", "type": "block-driver", "id": 6},
          {"name": "osprey-block-00c0ffee", "type": "block-driver", "id": 7},
          {"name": "file0", "type": "block-driver", "id": 8},
          {"name": "/machine/peripheral/data/virtio-backend", "type": "block-backend", "id": 9}],
         "edges": [
          {"name": "backing", "parent": 2, "child": 4, "perm": ["consistent-read"], "shared-perm": []},
          {"name": "file", "parent": 2, "child": 3, "perm": ["write"], "shared-perm": []},
          {"name": "file", "parent": 4, "child": 5, "perm": ["consistent-read"], "shared-perm": []},
          {"name": "root", "parent": 1, "child": 2, "perm": ["write"], "shared-perm": []},
          {"name": "file", "parent": 6, "child": 7, "perm": ["write"], "shared-perm": []},
          {"name": "image", "parent": 7, "child": 8, "perm": ["write"], "shared-perm": []},
          {"name": "root", "parent": 9, "child": 6, "perm": ["write"], "shared-perm": []}]}
        """;

    public static BlockGraph Parse(string blocks, string nodes, string graph) =>
        BlockGraph.Parse(Read(blocks), Read(nodes), Read(graph));

    public static JsonElement Read(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
